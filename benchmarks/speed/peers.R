# Processor seconds that R's surveillance takes to judge months of series: rows of a CSV file without a header.
# Called by peers.py: Rscript peers.R FILE FIRST_MONTH_JUDGED
suppressMessages(library(surveillance))
arguments <- commandArgs(trailingOnly = TRUE)
counts <- as.matrix(read.csv(arguments[1], header = FALSE))
judged <- as.integer(arguments[2]):ncol(counts)
timed <- function(judge) {
  begin <- proc.time()
  for (i in seq_len(nrow(counts))) {
    suppressWarnings(judge(sts(observed = matrix(counts[i, ], ncol = 1), start = c(2009, 1), frequency = 12)))
  }
  used <- proc.time() - begin
  unname(used["user.self"] + used["sys.self"])
}
flexible <- list(range = judged, b = 4, w = 2, noPeriods = 3, pastWeeksNotIncluded = 2, thresholdMethod = "nbPlugin",
                 pThresholdTrend = 1, weightsThreshold = 2.58, fitFun = "algo.farrington.fitGLM.flexible")
cat(timed(function(x) farringtonFlexible(x, flexible)), timed(function(x) earsC(x, list(method = "C1", range = judged))))
