// capi/cli/arguments.cpp -- the commands of clq and their options.
// SPDX-License-Identifier: BSD-3-Clause
#include "arguments.hpp"

#include "probe.hpp"

namespace clq::cli {
namespace {

std::string refuse_empty(const std::string& path) { return path.empty() ? "the path is empty" : ""; }
std::string refuse_nameless(const std::string& name) { return name.empty() ? "the name is empty" : ""; }

void add_train(CLI::App& app, Arguments& a) {
  CLI::App* train = app.add_subcommand("train", "train a network: RUN.toml [key=value ...] -o DIR");
  train->add_option("RUN.toml", a.train.run_file, "the run file")->required();
  train->add_option("overrides", a.train.overrides, "values that win over the run file")->option_text("key=value ...");
  train->add_option("-o,--output", a.train.folder, "the run folder")->option_text("DIR");
  train->add_option("--init-from", a.train.init_from, "a bundle whose weights start the training")
      ->option_text("BUNDLE");
  train->add_flag("--auto-resume", a.train.auto_resume, "go on where the run folder holds a run");
  train->add_flag("--show-config", a.train.show_config, "print every value with its origin, and end");
  train->callback([&a] { a.command = [&a] { return a.train.json = a.json, clq::cli::train(a.train); }; });
  CLI::App* resume = app.add_subcommand("resume", "go on with a run that was stopped");
  resume->add_option("DIR", a.path, "the run folder")->required();
  resume->add_option("epochs", a.grown, "more epochs than the run had")->option_text("train.epochs=N");
  resume->callback([&a] { a.command = [&a] { return clq::cli::resume(a.path, a.grown, a.json); }; });
}

void add_predict_options(CLI::App& command, Arguments& a) {
  command.add_option("BUNDLE", a.predict.paths, "bundles, then the data")->required()->option_text("BUNDLE... DATA");
  command.add_option("-o,--output", a.predict.output, "the table to write, by its suffix")->option_text("OUT");
  command.add_option("--device", a.predict.device, "cpu, cpu_ref:0, ...")->option_text("NAME");
  command.add_option("--threads", a.predict.threads, "threads that compute")->option_text("N");
  command.add_option("--readers", a.predict.readers, "threads that read")->option_text("N");
  command.add_option("--batch", a.predict.batch, "rows computed at once")->option_text("N");
  command.add_option("--id", a.predict.id, "the column that names a row; default: the bundle's")
      ->option_text("NAME")
      ->check(refuse_nameless);
  command.add_option("--images", a.predict.images, "where their images are; default: as the bundle's were")
      ->option_text("PATTERN");
  command
      .add_option("--zeropoint", a.predict.zeropoint, "their zero points, one a band; default: what their files say")
      ->option_text("MAG,...")
      ->delimiter(',')
      ->expected(1)
      ->take_all();
  command.add_option("--average", a.predict.average, "d4: the mean over eight orientations of the images, or none")
      ->option_text("HOW");
  command
      .add_option("--combine", a.predict.combine,
                  "arithmetic: the mean of several bundles, or harmonic, of the probabilities of bins or classes")
      ->option_text("HOW");
  command.add_option("--keep", a.predict.keep, "a column of the data copied to the table")
      ->option_text("NAME")
      ->expected(1)
      ->allow_extra_args(false)  // what follows may be the bundle
      ->take_all();
}

void add_predict(CLI::App& app, Arguments& a) {
  CLI::App* evaluate = app.add_subcommand("evaluate", "score models on data that holds the target");
  add_predict_options(*evaluate, a);
  evaluate->add_option("--part", a.predict.part, "train, valid or test: that part of the first bundle's own split")
      ->option_text("PART");
  evaluate->add_option("--where", a.predict.where, "an expression: score these rows alone")->option_text("EXPR");
  evaluate->callback([&a] { a.command = [&a] { return a.predict.json = a.json, clq::cli::evaluate(a.predict); }; });
  CLI::App* predict = app.add_subcommand("predict", "predict a whole data set into a table");
  add_predict_options(*predict, a);
  predict->add_option("--layer", a.predict.layers, "a layer of the network whose values stand beside the predictions")
      ->option_text("NAME")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  predict->callback([&a] { a.command = [&a] { return a.predict.json = a.json, clq::cli::predict(a.predict); }; });
}

void add_simulate(CLI::App& app, Arguments& a) {
  CLI::App* simulate = app.add_subcommand("simulate", "simulated data into a file: SOURCE -o OUT");
  simulate->add_option("SOURCE", a.simulate.source, "a source that simulates, such as deepdip")->required();
  simulate->add_option("-o,--output", a.simulate.output, "the file to write, by its suffix")->option_text("OUT");
  simulate->add_option("--n", a.simulate.n, "samples")->option_text("N");
  simulate->add_option("--seed", a.simulate.seed, "another one gives other samples")->option_text("N");
  simulate->add_option("--variant", a.simulate.variant, "one of the source's variants")->option_text("NAME");
  simulate->add_option("--size", a.simulate.size, "pixels along a side")->option_text("N");
  simulate->callback([&a] { a.command = [&a] { return a.simulate.json = a.json, clq::cli::simulate(a.simulate); }; });
}

void add_report(CLI::App& app, Arguments& a) {
  CLI::App* report = app.add_subcommand("report", "figures and numbers of a finished run, as one HTML page and files");
  report->add_option("DIR", a.report.folder, "the run folder")->required();
  report->add_option("--data", a.report.data, "the data to score; default: the run's own test part, else valid")
      ->option_text("DATA");
  report->add_option("--where", a.report.where, "an expression: score these rows of --data alone")->option_text("EXPR");
  report->add_option("--part", a.report.part, "train, valid or test: that part of the run's own split")
      ->option_text("PART");
  report->add_option("--baseline", a.report.baselines, "other estimates: a table with ID, or a column of the data")
      ->option_text("FILE|COLUMN")
      ->expected(1)
      ->take_all();
  report->add_option("--magnitude", a.report.magnitude, "the column whose bins the metrics are shown in")
      ->option_text("COLUMN");
  report->add_option("-o,--output", a.report.output, "where to; default: report in the run folder")->option_text("DIR");
  report->add_option("--seed", a.report.seed, "of the bootstrap")->option_text("N")->check(CLI::NonNegativeNumber);
  report->add_option("--resamples", a.report.resamples, "of the bootstrap")
      ->option_text("N")
      ->check(CLI::Range(2, 100000));
  report->add_option("--threads", a.report.threads, "threads that compute")->option_text("N");
  report->callback(
      [&a] { a.command = [&a] { return a.report.json = a.json, clq::cli::report(a.report, a.plugins); }; });
}

void add_export(CLI::App& app, Arguments& a) {
  CLI::App* command = app.add_subcommand("export", "a model for another toolkit: MODEL --torch -o NAME.py");
  command->add_option("MODEL", a.exported.model, "the bundle, model.safetensors")->required();
  command->add_flag("--torch", a.exported.torch, "a readable PyTorch module, its weights beside it in NAME.npz");
  command->add_option("-o,--output", a.exported.output, "the module")->required()->option_text("NAME.py");
  command->callback([&a] { a.command = [&a] { return clq::cli::export_model(a.exported); }; });
}

void add_data(CLI::App& app, Arguments& a) {
  CLI::App* scan = app.add_subcommand("scan", "what is in a data set: counts, gaps, ranges, bad rows");
  scan->add_option("DATA", a.scan.path, "a data set, or the run file that names it")->required();
  scan->add_option("--list", a.scan.list, "a table of the bad rows, by its suffix")->option_text("OUT");
  scan->add_option("--id", a.scan.id, "the column that names a row; default: data.id")
      ->option_text("NAME")
      ->check(refuse_nameless);
  scan->add_option("--null", a.scan.nulls, "a value that means missing; default: data.null")
      ->option_text("X")
      ->expected(1)
      ->take_all();
  scan->add_option("--readers", a.scan.readers, "threads that read")->option_text("N");
  scan->callback([&a] { a.command = [&a] { return a.scan.json = a.json, clq::cli::scan(a.scan); }; });
  CLI::App* look = app.add_subcommand("look", "one row of a data set, as it is and as a network gets it");
  look->add_option("DATA", a.look.path, "a data set, or the run file that names it")->required();
  look->add_option("ID", a.look.id, "its id; without data.id, or with --row, the number of the row")->required();
  look->add_flag("--row", a.look.by_row, "ID is the number of a row, the first is 0");
  look->add_option("--id", a.look.id_column, "the column that names a row; default: data.id")
      ->option_text("NAME")
      ->check(refuse_nameless);
  look->add_option("--model", a.look.model, "what this bundle's network gets")->option_text("BUNDLE");
  look->add_option("--run", a.look.run_file, "what a training by this run file would get")->option_text("RUN.toml");
  look->add_option("-o,--output", a.look.output, "how the names of the files begin; default: look-ID")
      ->option_text("PREFIX");
  look->callback([&a] { a.command = [&a] { return a.look.json = a.json, clq::cli::look(a.look); }; });
}

void add_validate(CLI::App& app, Arguments& a) {
  CLI::App* validate = app.add_subcommand("validate", "tries a plugin: each case in a process of its own");
  validate->add_option("PLUGIN.so", a.validate.plugin, "all that it offers, but for a task")
      ->required()
      ->check(refuse_empty);
  validate->add_option("--data", a.validate.data, "what its source opens; default: what its sink wrote")
      ->option_text("URI");
  validate->add_option("--options", a.validate.options, "of that source, as [data] of a run file")->option_text("JSON");
  validate->add_option("--only", a.validate.only, "cases whose names begin so")->option_text("NAME");
  const auto number = [validate](const char* name, int64_t& to, const char* what, int64_t least, int64_t most) {
    validate->add_option(name, to, what)->option_text("N")->check(CLI::Range(least, most));
  };
  number("--device", a.validate.device, "which device of a backend", 0, 1 << 16);
  number("--seed", a.validate.seed, "of shapes, numbers and damages", 0, INT64_MAX);
  number("--limit", a.validate.limit, "seconds of a case", 1, 86400);
  number("--jobs", a.validate.jobs, "cases at once", 1, 256);
  validate->add_flag("--list", a.validate.list, "names the cases, runs none");
  validate->callback([&a] {
    a.loads_plugins = false;
    a.command = [&a] { return a.validate.json = a.json, clq::cli::validate(a.validate, a.plugins); };
  });
}

void add_reports(CLI::App& app, Arguments& a) {
  CLI::App* inspect =
      app.add_subcommand("inspect", "what is in a bundle, a run folder, a run file's network or a data set");
  inspect->add_option("PATH", a.path, "bundle, run folder, run file or data")->required();
  inspect->add_flag("--strict", a.strict, "a bundle answers its golden inputs as where it was trained, or exit code 3");
  inspect->callback([&a] { a.command = [&a] { return clq::cli::inspect(a.path, a.strict, a.json); }; });
  const auto add_limit = [&a](CLI::App* command) {
    command->add_option("--limit", a.limit, "seconds that a plugin has to be loaded in")
        ->option_text("S")
        ->check(CLI::Range(int64_t{1}, int64_t{3600}));
  };
  CLI::App* plugins = app.add_subcommand("plugins", "plugins seen, what they offer, why others were refused");
  add_limit(plugins);
  plugins->callback([&a] {
    a.loads_plugins = false;
    a.command = [&a] { return clq::cli::plugins(a.json, a.plugins, a.limit); };
  });
  app.add_subcommand("devices", "devices that can compute")->callback([&a] {
    a.command = [&a] { return clq::cli::devices(a.json); };
  });
  CLI::App* doctor = app.add_subcommand("doctor", "this machine and this installation, to be shown to whoever helps");
  doctor->add_option("DIR", a.path, "the folder whose speed is measured; default: the current one");
  add_limit(doctor);
  doctor->callback([&a] {
    a.loads_plugins = false;
    a.command = [&a] { return clq::cli::doctor(a.path, a.json, a.plugins, a.limit); };
  });
  CLI::App* probe = app.add_subcommand("probe", "plugins, for clq plugins");
  probe->group("");  // not in the help
  probe->add_option("FILE", a.path);
  probe->callback([&a] {
    a.loads_plugins = false;
    a.command = [&a] { return clq::cli::probe(a.path, a.plugins); };
  });
}

}  // namespace

void add_commands(CLI::App& app, Arguments& arguments) {
  app.add_flag("--json", arguments.json, "results as JSON");
  app.add_option("--plugins", arguments.plugins, "a plugin or a folder of plugins, looked at first")
      ->option_text("PATH")
      ->check(refuse_empty);
  app.require_subcommand(1);
  add_train(app, arguments);
  add_predict(app, arguments);
  add_simulate(app, arguments);
  add_report(app, arguments);
  add_export(app, arguments);
  add_data(app, arguments);
  add_validate(app, arguments);
  add_reports(app, arguments);
}

}  // namespace clq::cli
