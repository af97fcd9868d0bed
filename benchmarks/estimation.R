# What the same jobs cost in R. Run by benchmarks/estimation.py: Rscript estimation.R JOB FOLDER
#
# Reads FOLDER/firms.bin (doubles, column by column) with the columns that the first line of
# FOLDER/columns.txt names; writes one line of JSON with the seconds of each repetition, the
# peak memory of the process in MB, and the first estimates.
suppressPackageStartupMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
job <- arguments[1]; folder <- arguments[2]; repetitions <- as.integer(arguments[3])
columns <- strsplit(readLines(file.path(folder, "columns.txt"), warn = FALSE)[1], ",")[[1]]
count <- file.size(file.path(folder, "firms.bin")) / 8 / length(columns)
read <- file(file.path(folder, "firms.bin"), "rb")
firms <- as.data.frame(lapply(columns, function(name) readBin(read, "double", count)), col.names = columns)
close(read)
regressors <- grep("^x", columns, value = TRUE)
formula_of <- function(names) reformulate(names, response = "y")

seconds <- function(work) {
  taken <- numeric(0)
  for (i in seq_len(repetitions)) {
    gc(reset = TRUE)
    taken <- c(taken, system.time(result <<- work())[["elapsed"]])
  }
  taken
}
designed <- function() svydesign(ids = ~1, strata = ~stratum, weights = ~weight, fpc = ~population, data = firms)
logit <- function() {
  fit <- svyglm(formula_of(regressors), design = designed(), family = quasibinomial())
  c(coef(fit)[1:3], SE(fit)[1:3])
}
bootstrap <- function() {
  design <- as.svrepdesign(svydesign(ids = ~1, strata = ~stratum, weights = ~weight, data = firms),
                           type = "subbootstrap", replicates = 200)
  function() { fit <- svyglm(formula_of(regressors), design = design, family = quasibinomial()); coef(fit)[1:3] }
}
curve <- function() {
  design <- designed()
  function() {
    for (place in 0:511) {
      chosen <- c(regressors[1:3], regressors[4:12][bitwAnd(place, 2^(0:8)) > 0])
      fit <- svyglm(formula_of(chosen), design = design, family = quasibinomial())
    }
    coef(fit)[1:3]
  }
}
raked <- function() {
  margins <- lapply(c("a", "b", "c"), function(name) {
    totals <- aggregate(firms$target, by = firms[name], FUN = sum); names(totals)[2] <- "Freq"; totals
  })
  design <- svydesign(ids = ~1, weights = ~weight, data = firms)
  function() { fit <- rake(design, list(~a, ~b, ~c), margins, control = list(maxit = 100, epsilon = 1e-8)); weights(fit)[1:3] }
}
work <- switch(job, logit = logit, bootstrap = bootstrap(), curve = curve(), raking = raked())
taken <- seconds(work)
status <- readLines("/proc/self/status")
peak <- as.numeric(gsub("[^0-9]", "", grep("^VmHWM", status, value = TRUE))) / 1024
cat(jsonlite::toJSON(list(seconds = I(taken), peak_mb = peak, first = I(unname(result))), auto_unbox = TRUE, digits = 17), "\n")
