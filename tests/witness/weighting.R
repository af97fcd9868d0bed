# Writes weighting.csv (weights of the schools of apistrat after each step) and
# weighting_estimates.csv beside this script. Run: Rscript weighting.R (in this folder).
#
# Schools whose pupils moved little (mobility) play the ones that responded.
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "fail", digits = 17, warn = 1)
data(api)
number <- function(x) sprintf("%.17g", x)
schools <- apistrat
schools$responded <- schools$mobility <= 18
here <- schools$responded
types <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
wide <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
written <- list(); estimated <- list()
keep <- function(case, weight)
  written[[length(written) + 1]] <<-
    data.frame(case, row = seq_len(nrow(schools)), weight = unname(weight))
keep_estimate <- function(case, statistic, value)
  estimated[[length(estimated) + 1]] <<- data.frame(case, statistic, value = unname(c(value)))

in_classes <- function(w, cell)
  ifelse(here, w * ave(w, cell, FUN = sum) / ave(w * here, cell, FUN = sum), 0)
by_propensity <- function(w) {
  schools$scaled <- w / mean(w)
  fit <- suppressWarnings(glm(responded ~ stype + sch.wide, binomial(), schools, weights = scaled,
                              control = list(epsilon = 1e-14, maxit = 50)))
  raised <- ifelse(here, w / fitted(fit), 0)
  raised * sum(w) / sum(raised)
}
raked <- function(w) {
  design <- svydesign(id = ~1, weights = w[here], data = schools[here, ])
  found <- rake(design, list(~stype, ~sch.wide), list(types, wide),
                control = list(epsilon = 1e-13, maxit = 500))
  replace(numeric(length(w)), here, weights(found))
}
calibrated <- function(w, ...) {
  design <- svydesign(id = ~1, weights = w[here], data = schools[here, ])
  found <- calibrate(design, ~stype + api99, epsilon = 1e-13, maxit = 500, ...,
                     c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, api99 = 3914069))
  replace(numeric(length(w)), here, weights(found))
}

base <- schools$pw
classes <- in_classes(base, schools$stype)
keep("classes", classes)
keep("inverse propensity", by_propensity(base))
keep("rake", raked(classes))
keep("raking distance", calibrated(classes, calfun = "raking"))
keep("logit", calibrated(classes, calfun = "logit", bounds = c(0.5, 2)))
linear <- calibrated(classes)
keep("linear", linear)
trimmed <- trimWeights(svydesign(id = ~1, weights = linear[here], data = schools[here, ]),
                       upper = 80, lower = 15, strict = FALSE)
keep("trimmed", replace(numeric(length(base)), here, weights(trimmed)))

# Replicates of the base weights, every step done again for each.
drawn <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = schools, fpc = ~fpc)
jackknife <- as.svrepdesign(drawn, type = "JKn", compress = FALSE)
replicates <- apply(weights(jackknife, "analysis"), 2, function(w)
  raked(in_classes(w, schools$stype)))
for (row in range(which(here)))
  keep(paste("jackknife without", row),
       replicates[, which(weights(jackknife, "replication")[row, ] == 0)])
total <- function(w) sum(w * schools$api00)
mean_of <- function(w) sum(w * schools$meals) / sum(w)
final <- raked(classes)
for (what in c("total", "mean_of")) {
  values <- apply(replicates, 2, what)
  keep_estimate("jackknife", what, get(what)(final))
  keep_estimate("jackknife", paste(what, "std_error"),
                sqrt(svrVar(values, jackknife$scale, jackknife$rscales, mse = FALSE)))
}

header <- sprintf("# %s; survey %s; written by weighting.R", R.version.string, packageVersion("survey"))
save_as <- function(file, parts) {
  writeLines(header, file)
  table <- do.call(rbind, parts)
  numbers <- vapply(table, is.double, logical(1))
  table[numbers] <- lapply(table[numbers], number)
  suppressWarnings(write.table(table, file, append = TRUE, sep = ",", row.names = FALSE,
                               quote = which(!vapply(table, is.numeric, logical(1)) & !numbers)))
}
save_as("weighting.csv", written)
save_as("weighting_estimates.csv", estimated)
