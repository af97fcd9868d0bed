# Writes representativity.csv beside this script. Run: Rscript representativity.R (in this folder).
#
# Exporters of firms.csv play the firms that responded. Propensities are those of glm, variances
# of totals those of survey; the bias and the standard error are written out as in Shlomo,
# Skinner and Schouten (2012), with the finite differences of the fit in place of derivatives.
suppressPackageStartupMessages(library(survey))
options(digits = 17, warn = 2)
number <- function(x) sprintf("%.17g", x)
firms <- read.csv("firms.csv", stringsAsFactors = FALSE)
firms$even <- firms$firms_on_frame / ave(rep(1, nrow(firms)), firms$stratum, FUN = sum)
written <- list()
keep <- function(case, statistic, value)
  written[[length(written) + 1]] <<- data.frame(case, statistic, value = unname(c(value)))

spread <- function(p, w) sum(w * (p - weighted.mean(p, w))^2) / (sum(w) - 1)
fitted_by <- function(model, w, link) {
  firms$scaled <- w / mean(w)
  family <- if (link == "logit") quasibinomial() else gaussian()
  fit <- glm(model, family, firms, weights = scaled, control = list(epsilon = 1e-14, maxit = 50))
  X <- model.matrix(fit)
  at <- function(b) if (link == "logit") plogis(drop(X %*% b)) else drop(X %*% b)
  step <- 1e-6
  Z <- sapply(seq_along(coef(fit)), function(k) {
    move <- replace(numeric(length(coef(fit))), k, step)
    (at(coef(fit) + move) - at(coef(fit) - move)) / (2 * step)
  })
  V <- if (link == "logit") summary(fit)$cov.unscaled else vcov(fit)
  list(p = at(coef(fit)), Z = Z, V = V)
}
standard_error <- function(fit, w, design) {
  share <- w / sum(w)
  centred <- sweep(fit$Z, 2, colSums(share * fit$Z))
  deviation <- fit$p - sum(share * fit$p)
  A <- colSums(share * deviation * centred)
  B <- crossprod(centred * sqrt(share))
  C <- SE(svytotal(~d2, update(design, d2 = deviation^2)))^2 / sum(w)^2
  sqrt((4 * t(A) %*% fit$V %*% A + 2 * sum(diag(B %*% fit$V %*% B %*% fit$V)) + C) /
         sum(share * deviation^2))
}
indicators <- function(case, w, design, link) {
  fit <- fitted_by(exporter ~ size + region + industry, w, link)
  p <- fit$p; N <- sum(w)
  S2 <- spread(p, w)
  noise <- sum(w * rowSums((fit$Z %*% fit$V) * fit$Z))
  bias <- (noise - SE(svytotal(~p, update(design, p = p)))^2 / N) / N
  factor <- max(0, 1 - bias / S2)
  keep(case, "unadjusted", 1 - 2 * sqrt(S2))
  keep(case, "r", 1 - 2 * sqrt(S2 * factor))
  keep(case, "std_error", standard_error(fit, w, design))
  keep(case, "mean", weighted.mean(p, w))
  keep(case, "variation", sqrt(S2 * factor) / weighted.mean(p, w))
  others <- list(size = c("region", "industry"), region = c("size", "industry"),
                 industry = c("size", "region"))
  for (variable in names(others)) {
    z <- firms[[variable]]
    cell <- interaction(firms[others[[variable]]], drop = TRUE)
    left <- p - ave(w * p, cell, FUN = sum) / ave(w, cell, FUN = sum)
    up <- sapply(split(seq_along(p), z), function(rows)
      sqrt(sum(w[rows]) / N) * (weighted.mean(p[rows], w[rows]) - weighted.mean(p, w)))
    inside <- sapply(split(seq_along(p), z), function(rows) sqrt(sum(w[rows] * left[rows]^2) / N))
    keep(case, paste("unconditional", variable, names(up)), up)
    keep(case, paste("conditional", variable, names(inside)), inside)
    keep(case, paste("unconditional", variable), sqrt(factor * sum(up^2)))
    keep(case, paste("conditional", variable), sqrt(factor * sum(inside^2)))
    alone <- fitted_by(as.formula(paste("exporter ~", variable)), w, link)
    keep(case, paste("std_error", variable), standard_error(alone, w, design) / 2)
  }
}
stratified <- svydesign(id = ~1, strata = ~stratum, weights = ~even, data = firms,
                        fpc = ~firms_on_frame)
uneven <- svydesign(id = ~1, weights = ~weight, data = firms)
indicators("stratified", firms$even, stratified, "logit")
indicators("uneven", firms$weight, uneven, "logit")
indicators("linear", firms$even, stratified, "linear")

table <- do.call(rbind, written)
table$value <- number(table$value)
file <- "representativity.csv"
writeLines(sprintf("# %s; survey %s; written by representativity.R", R.version.string,
                   packageVersion("survey")), file)
suppressWarnings(write.table(table, file, append = TRUE, sep = ",", row.names = FALSE,
                             quote = c(1, 2)))
