# Writes imputation.csv and imputation_estimates.csv beside this script. Run: Rscript imputation.R
# (in this folder).
#
# Pooling is exact: mice, mitools and mitml are given the same estimates as the product. Imputing
# is random: mice imputes the made firms many times, and what is written are the pooled estimates
# with the covariance between imputations, from which the test takes the Monte Carlo error.
suppressPackageStartupMessages({library(mice); library(mitools); library(mitml)})
options(digits = 17)
written <- list()
keep <- function(case, what, term, value)
  written[[length(written) + 1]] <<- data.frame(
    case = case, what = what, term = term, value = as.numeric(unname(value)))

# --- Pooling of given estimates: m = 6 estimates of three terms with their covariances ---
set.seed(11)
m <- 6
terms <- c("a", "b", "c")
root <- matrix(c(.3, .1, -.05, 0, .2, .04, 0, 0, .5), 3, 3)
Q <- t(sapply(1:m, function(i) c(1, -.4, .2) + c(.12, .06, .3) * rnorm(3)))
U <- lapply(1:m, function(i) {r <- root * (1 + .1 * rnorm(1)); tcrossprod(r)})
write.csv(
  do.call(rbind, lapply(1:m, function(i) data.frame(
    imputation = i, row = terms, estimate = Q[i, ], a = U[[i]][, 1], b = U[[i]][, 2],
    c = U[[i]][, 3]))),
  "imputation_estimates.csv", row.names = FALSE, quote = FALSE)
for (complete in c(12, 57, 480, Inf)) for (j in 1:3) {
  one <- pool.scalar(Q[, j], sapply(U, function(u) u[j, j]), n = complete + 1, k = 1)
  case <- paste0("pool df ", complete)
  keep(case, "estimate", terms[j], one$qbar); keep(case, "variance", terms[j], one$t)
  keep(case, "df", terms[j], one$df); keep(case, "riv", terms[j], one$r)
  keep(case, "fmi", terms[j], one$fmi)
}
combined <- MIcombine(lapply(1:m, function(i) setNames(Q[i, ], terms)), U)
for (j in 1:3) {
  keep("mitools", "estimate", terms[j], combined$coefficients[j])
  keep("mitools", "variance", terms[j], combined$variance[j, j])
  keep("mitools", "df", terms[j], combined$df[j])
  keep("mitools", "fmi", terms[j], combined$missinfo[j])
}
for (i in 1:3) for (j in 1:3)
  keep("mitools", "covariance", paste(terms[i], terms[j]), combined$variance[i, j])

# --- D1 of given estimates ---
# The function within mitml, on sums formed here: its door takes derivatives by differences.
sums <- list("b = 0, c = 0" = rbind(c(0, 1, 0), c(0, 0, 1)),
             "a = 1, b + c = 0" = rbind(c(1, 0, 0), c(0, 1, 1)), all = diag(3))
values <- list("b = 0, c = 0" = c(0, 0), "a = 1, b + c = 0" = c(1, 0), all = c(0, 0, 0))
for (complete in c(57, 480, Inf)) for (hypothesis in names(sums)) {
  R <- sums[[hypothesis]]
  qhat <- R %*% t(Q) - values[[hypothesis]]
  uhat <- array(sapply(U, function(u) R %*% u %*% t(R)), c(nrow(R), nrow(R), m))
  test <- mitml:::.D1(qhat, uhat, df.com = if (is.finite(complete)) complete else NULL)
  case <- paste0("D1 df ", complete)
  keep(case, "statistic", hypothesis, test$F); keep(case, "numerator", hypothesis, test$k)
  keep(case, "denominator", hypothesis, test$v); keep(case, "riv", hypothesis, test$r)
  keep(case, "p", hypothesis, pf(test$F, test$k, test$v, lower.tail = FALSE))
}

# --- Imputing ---
firms <- read.csv("imputation_firms.csv", stringsAsFactors = TRUE)
firms$exporter <- factor(firms$exporter)
firms$novelty <- factor(firms$novelty, ordered = TRUE)
many <- 300
imputed <- function(case, columns, methods, model, iterations = 10) {
  data <- firms[columns]
  method <- setNames(rep("", length(columns)), columns)
  method[names(methods)] <- methods
  made <- mice(data, m = many, method = method, maxit = iterations, seed = 5, printFlag = FALSE)
  fits <- lapply(1:many, function(i) {
    completed <- complete(made, i)
    if ("novelty" %in% columns) completed$novelty <- as.numeric(as.character(completed$novelty))
    lm(model, data = completed)
  })
  estimates <- t(sapply(fits, coef))
  within <- Reduce(`+`, lapply(fits, function(f) diag(vcov(f)))) / many
  names <- sub("exporter1", "exporter", sub("^industry(.+)$", "industry[\\1]", colnames(estimates)))
  keep(case, "estimate", names, colMeans(estimates))
  keep(case, "within", names, within)
  keep(case, "between", names, apply(estimates, 2, var))
}
imputed("normal", c("size", "graduates", "growth"), c(graduates = "norm", growth = "norm"),
        growth ~ size + graduates)
imputed("pmm", c("size", "graduates", "growth"), c(graduates = "pmm", growth = "pmm"),
        growth ~ size + graduates)
imputed("mixed", c("size", "graduates", "exporter", "industry", "growth"),
        c(graduates = "norm", exporter = "logreg", industry = "polyreg", growth = "norm"),
        growth ~ size + graduates + exporter + industry)
imputed("ordered", c("size", "novelty"), c(novelty = "polr"), size ~ novelty, iterations = 1)
out <- do.call(rbind, written)
file <- file("imputation.csv", "w")
writeLines(paste0("# ", R.version.string, "; mice ", packageVersion("mice"), "; mitools ",
                  packageVersion("mitools"), "; mitml ", packageVersion("mitml"), "; imputations ",
                  many), file)
out$value <- format(out$value, digits = 17, trim = TRUE)
write.csv(out, file, row.names = FALSE, quote = 1:3)
close(file)
