# Makes the fixtures in tests/published/surveillance: simulated monthly counts, and what R's surveillance says of them.
# Run from the repository's root: Rscript tests/published/make_surveillance_fixtures.R
# Needs R with the package surveillance (Debian: r-cran-surveillance). See surveillance/README.md.

suppressMessages(library(surveillance))
folder <- file.path("tests", "published", "surveillance")
n <- 100

# Simulated counts: each series tries one thing.
set.seed(20240131, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
month <- seq_len(n)
season <- cos(2 * pi * month / 12)
bursts <- function(counts, at, size) { counts[at] <- counts[at] + size; counts }
counts <- data.frame(
  busy_seasonal = rnbinom(n, size = 8, mu = exp(6 + 0.8 * season)),
  growing = rnbinom(n, size = 5, mu = exp(2 + 0.015 * month)),
  shrinking_overdispersed = rnbinom(n, size = 1, mu = exp(5 - 0.01 * month)),
  sparse = rpois(n, 0.7),
  empty_winters = rpois(n, ifelse(season > 0.4, 0, 6)),
  with_surges = bursts(rpois(n, 20), c(40, 41, 80, 100), c(200, 300, 150, 90)),
  wandering = rpois(n, exp(3 + cumsum(rnorm(n, 0, 0.25))))
)

frame <- function(...) data.frame(..., check.names = FALSE)
save <- function(data, name) {
  numeric <- vapply(data, is.double, logical(1))
  data[numeric] <- lapply(data[numeric], function(x) sprintf("%.10g", x))
  data[data == "NA"] <- ""
  write.csv(data, file.path(folder, name), row.names = FALSE, quote = FALSE, na = "")
}
as_sts <- function(x) sts(observed = matrix(x, ncol = 1), start = c(2010, 1), frequency = 12)

ears <- do.call(rbind, lapply(names(counts), function(name) {
  do.call(rbind, lapply(c("C1", "C2", "C3"), function(method) {
    result <- earsC(as_sts(counts[[name]]), control = list(method = method))
    first <- n - nrow(result) + 1
    frame(series = name, method = method, period = first:n, upper_bound = as.double(upperbound(result)))
  }))
}))

# surveillance 1.20.3 overwrites the working weights of a reweighted fit by its prior weights, and then takes standard
# errors from them. 'repaired' runs the same code without that statement.
original <- getFromNamespace("algo.farrington.fitGLM.flexible", "surveillance")
repaired <- original
overwrites <- vapply(as.list(body(repaired)), function(line) {
  any(grepl("model$weights <- omega", deparse(line), fixed = TRUE))
}, logical(1))
stopifnot(sum(overwrites) == 1)
body(repaired) <- body(repaired)[!overwrites]

flexible <- list(b = 5, w = 1, noPeriods = 10, pastWeeksNotIncluded = 6, reweight = TRUE, weightsThreshold = 2.58,
                 pThresholdTrend = 1, thresholdMethod = "nbPlugin", alpha = 0.005, limit54 = c(0, 4),
                 glmWarnings = FALSE)
with <- function(...) modifyList(flexible, list(...))
variants <- list(
  nb_plugin = list(original, flexible),
  nb_plugin_7_levels = list(original, with(noPeriods = 7, pastWeeksNotIncluded = 3)),
  muan_unweighted = list(original, with(thresholdMethod = "muan", reweight = FALSE)),
  muan = list(repaired, with(thresholdMethod = "muan", pThresholdTrend = 0.05)),
  delta_unweighted = list(original, with(thresholdMethod = "delta", reweight = FALSE, pThresholdTrend = 0.05)),
  delta_1996 = list(repaired, with(thresholdMethod = "delta", noPeriods = 1, pastWeeksNotIncluded = 1,
                                   weightsThreshold = 1, pThresholdTrend = 0.05)),
  delta_1996_unrepaired = list(original, with(thresholdMethod = "delta", noPeriods = 1, pastWeeksNotIncluded = 1,
                                              weightsThreshold = 1, pThresholdTrend = 0.05))
)
farrington <- do.call(rbind, lapply(names(variants), function(variant) {
  assignInNamespace("algo.farrington.fitGLM.flexible", variants[[variant]][[1]], "surveillance")
  do.call(rbind, lapply(names(counts), function(name) {
    control <- variants[[variant]][[2]]
    control$range <- (12 * 5 + 1 + 1):n
    result <- farringtonFlexible(as_sts(counts[[name]]), control = control)
    frame(series = name, variant = variant, period = control$range,
          expected = as.double(result@control$expected), dispersion = as.double(result@control$phiVector),
          trend = as.double(result@control$trendVector), upper_bound = as.double(upperbound(result)))
  }))
}))
assignInNamespace("algo.farrington.fitGLM.flexible", original, "surveillance")

# Charts: the in-control mean is given, so that only the statistic is compared. No window for the Poisson GLR: with one,
# it needs two periods of evidence where the negative-binomial one needs one.
mean_of <- function(x) round(mean(x[1:60]) * exp(0.3 * season), 6)
charts <- do.call(rbind, lapply(c("busy_seasonal", "sparse", "with_surges", "wandering"), function(name) {
  x <- counts[[name]]
  common <- list(range = 61:n, mu0 = mean_of(x)[61:n], c.ARL = 5, change = "intercept", ret = "value", dir = "inc")
  run <- function(...) as.double(upperbound(glrnb(as_sts(x), control = c(common, list(...)))))
  frame(series = name, period = 61:n, mean = mean_of(x)[61:n],
        glr_poisson = run(alpha = 0, Mtilde = 1, M = -1),
        glr_negative_binomial = run(alpha = 0.25, Mtilde = 1, M = 6),
        cusum_poisson = run(alpha = 0, theta = log(2)),
        cusum_negative_binomial = run(alpha = 0.25, theta = log(2)))
}))

save(frame(period = month, counts), "counts.csv")
save(ears, "ears.csv")
save(farrington, "farrington.csv")
save(charts, "charts.csv")
writeLines(paste(c("R", "surveillance"), c(as.character(getRversion()), as.character(packageVersion("surveillance")))),
           file.path(folder, "versions.txt"))
