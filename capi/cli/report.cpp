// capi/cli/report.cpp -- clq report: finds Python and the helper that draws, and becomes it.
// SPDX-License-Identifier: BSD-3-Clause
#include "commands.hpp"
#include "helper.hpp"
#include "python.hpp"

namespace clq::cli {
namespace {

const PythonNeeds kNeeds = {{"numpy", "matplotlib", "astropy"},
                            "report draws with Python 3, NumPy, matplotlib and astropy",
                            "python3-matplotlib and python3-astropy"};

Json to_json(const ReportOptions& o, const std::string& plugins) {
  return {{"clq", program_file().string()},
          {"plugins", plugins},
          {"run", o.folder},
          {"data", o.data},
          {"part", o.part},
          {"where", o.where},
          {"baselines", o.baselines},
          {"magnitude", o.magnitude},
          {"output", o.output},
          {"seed", o.seed},
          {"resamples", o.resamples},
          {"threads", o.threads},
          {"command", o.command},
          {"json", o.json}};
}

}  // namespace

int report(const ReportOptions& options, const std::string& plugins) {
  if (!options.where.empty() && options.data.empty())
    throw Failure(kUsage, "--where selects rows of --data; the run's own part has its rows already");
  const std::string helper = helper_file("share/calanque/report/main.py").string();
  become_python(find_python(kNeeds), {helper, to_json(options, plugins).dump()});
}

}  // namespace clq::cli
