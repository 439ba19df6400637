# docs/examples/r/calanque.R -- train and predict from R: source() this behind dyn.load("calanque_r.so").
# SPDX-License-Identifier: BSD-3-Clause
#
# R names the fastest axis first: x[features, n] and image[nx, ny, nband, n]; samples are the last axis. NA is NaN.

clq_call <- function(name, ...) {
  done <- .C(name, ..., status = 0L, NAOK = TRUE)
  if (done$status < 0) {
    words <- .C("r_error", text = strrep(" ", 4095), 4096L, status = 0L)$text
    stop("calanque: ", words, " (status ", done$status, ")", call. = FALSE)
  }
  done
}

clq_new <- function(kind, name, ...) {
  structure(list(kind = kind, raw = clq_call(name, ..., out = raw(8))$out), class = "calanque")
}

clq_config <- function(toml) clq_new("config", "r_config", toml)
clq_set <- function(config, key, value) invisible(clq_call("r_set", config$raw, key, as.character(value)))
clq_open <- function(config) clq_new("source", "r_open", config$raw)
clq_model <- function(config, source) clq_new("model", "r_model", config$raw, source$raw)
clq_load <- function(path, options = "{}") clq_new("model", "r_load", path.expand(path), options)
clq_save <- function(model, path) invisible(clq_call("r_save", model$raw, path.expand(path)))
clq_close <- function(object) invisible(clq_call("r_close", object$kind, object$raw))

# A list of arrays with samples as their last axis, or of vectors with one number a sample; they are copied.
clq_arrays <- function(fields) {
  axes <- lapply(fields, function(x) if (is.null(dim(x))) length(x) else dim(x))
  n <- unique(vapply(axes, function(d) as.integer(d[length(d)]), 1L))
  if (length(n) != 1) stop("calanque: fields have ", paste(n, collapse = ", "), " samples, expected as many in each", call. = FALSE)
  source <- clq_new("source", "r_source", n)
  for (name in names(fields)) {
    sample <- axes[[name]][-length(axes[[name]])]
    clq_call("r_add", source$raw, name, as.double(fields[[name]]), length(sample), as.integer(sample))
  }
  source
}

# Ctrl-C ends it between two turns. folder "": nothing is written.
clq_train <- function(model, source, config, folder = "", seconds = 0.5, progress = TRUE) {
  trainer <- clq_new("trainer", "r_trainer", model$raw, source$raw, config$raw, path.expand(folder))
  on.exit(clq_close(trainer))
  while (clq_call("r_run", trainer$raw, seconds)$status == 0) {
    get <- function(key) clq_call("r_get", trainer$raw, key, value = 0)$value
    if (progress) message(sprintf("epoch %.0f, step %.0f, loss %.5f", get("epoch"), get("step"), get("loss")))
  }
  invisible(model)
}

# list(prediction[size, n], bad[n]); where bad is not 0 there is no answer.
clq_predict <- function(model, input, x, size = 1) {
  n <- dim(x)[length(dim(x))]
  done <- clq_call("r_predict", model$raw, input, as.double(x), length(dim(x)), as.integer(dim(x)), as.integer(size),
                   out = double(size * n), bad = integer(n))
  list(prediction = matrix(done$out, nrow = size), bad = done$bad)
}
