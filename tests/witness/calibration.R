# Writes calibration.csv (estimates) and calibration_weights.csv beside this script.
# Run: Rscript calibration.R (in this folder).
#
# `rake` itself centres influences without weights, so that its standard errors are those of
# `calibrate(calfun = "raking")` only where the weights before were equal; its weights are the same.
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "fail", digits = 17, warn = 1)
data(api)
number <- function(x) sprintf("%.17g", x)
firms <- read.csv("firms.csv", stringsAsFactors = FALSE)

written <- list(); weights_written <- list()
keep <- function(case, statistic, estimate, std_error)
  written[[length(written) + 1]] <<- data.frame(case, statistic, estimate, std_error)
keep_weights <- function(case, design)
  weights_written[[length(weights_written) + 1]] <<-
    data.frame(case, row = seq_len(nrow(design$variables)), weight = weights(design, "sampling"))
estimates <- function(case, design, y, model) {
  formula <- as.formula(paste("~", y))
  found <- svytotal(formula, design)
  keep(case, "total", unname(coef(found))[1], unname(SE(found))[1])
  found <- svymean(formula, design)
  keep(case, "mean", unname(coef(found))[1], unname(SE(found))[1])
  fit <- do.call(svyglm, list(model, design = design))
  keep(case, names(coef(fit)), unname(coef(fit)), unname(sqrt(diag(vcov(fit)))))
}
schools <- function(case, design) {
  keep_weights(case, design)
  estimates(case, design, "api00", api00 ~ ell + meals + mobility)
  estimates(paste(case, "improved"), subset(design, comp.imp == "Yes"), "api00",
            api00 ~ ell + meals + mobility)
}

strata <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat, fpc = ~fpc)
clusters <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc)
two_stages <- svydesign(id = ~dnum + snum, weights = ~pw, data = apiclus2, fpc = ~fpc1 + fpc2)
jackknife <- as.svrepdesign(clusters, type = "JK1")
by_type <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018)
with_score <- c(by_type, api99 = 3914069)
types <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
wide <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
exact <- function(design, totals, ...)
  calibrate(design, if (length(totals) == 4) ~stype + api99 else ~stype, totals, epsilon = 1e-13,
            maxit = 500, ...)
rake_exactly <- function(design)
  rake(design, list(~stype, ~sch.wide), list(types, wide), control = list(epsilon = 1e-13, maxit = 500))

schools("post-stratified apiclus1", postStratify(clusters, ~stype, types))
schools("post-stratified apistrat", postStratify(strata, ~sch.wide, wide))
schools("linear apiclus1", exact(clusters, with_score))
schools("linear apistrat", exact(strata, with_score))
schools("linear apiclus2", exact(two_stages, by_type))
schools("raking distance apiclus1", exact(clusters, with_score, calfun = "raking"))
schools("raking distance apistrat", exact(strata, with_score, calfun = "raking"))
schools("logit apiclus1", exact(clusters, with_score, calfun = "logit", bounds = c(0.5, 2.5)))
schools("truncated apiclus1", exact(clusters, with_score, bounds = c(0.6, 1.6)))
schools("raked apiclus1", rake_exactly(clusters))
schools("raked apistrat",
        calibrate(strata, list(~stype, ~sch.wide), list(types, wide), calfun = "raking",
                  epsilon = 1e-13, maxit = 500))
keep_weights("rake apistrat", rake_exactly(strata))

schools("JK1 linear apiclus1", exact(jackknife, with_score))
schools("JK1 raking distance apiclus1", exact(jackknife, with_score, calfun = "raking"))
schools("JK1 post-stratified apiclus1", postStratify(jackknife, ~stype, types))
schools("JK1 raked apiclus1", rake_exactly(jackknife))

groups <- svydesign(id = ~group, strata = ~stratum, weights = ~weight, data = firms,
                    fpc = ~groups_on_frame)
industries <- data.frame(industry = sort(unique(firms$industry)), Freq = c(330, 350, 400, 420))
exporters <- data.frame(exporter = c(0, 1), Freq = c(1000, 500))
raked <- calibrate(groups, list(~industry, ~exporter), list(industries, exporters),
                   calfun = "raking", epsilon = 1e-13, maxit = 500)
keep_weights("raked firms", raked)
model <- growth ~ world + log(employment) + exporter
estimates("raked firms", raked, "growth", model)
estimates("raked firms manufacturers", subset(raked, manufacturer == 1), "growth", model)

header <- sprintf("# %s; survey %s; written by calibration.R", R.version.string, packageVersion("survey"))
save_as <- function(file, parts) {
  writeLines(header, file)
  table <- do.call(rbind, parts)
  numbers <- vapply(table, is.numeric, logical(1))
  table[numbers] <- lapply(table[numbers], number)
  suppressWarnings(write.table(table, file, append = TRUE, sep = ",", row.names = FALSE,
                               quote = which(!numbers)))
}
save_as("calibration.csv", written)
save_as("calibration_weights.csv", weights_written)
