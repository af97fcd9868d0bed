# Writes firth.csv and firth_endometrial.csv beside this script. Run: Rscript firth.R (here).
#
# brglm2 with type = "AS_mean", which for the logit is Firth's. Sandwiches of the modified scores
# and profile intervals are written out. The made firms are those of firms.csv.
suppressPackageStartupMessages({library(brglm2); library(survey)})
options(digits = 17)
data(endometrial, package = "brglm2")
write.csv(endometrial, "firth_endometrial.csv", row.names = FALSE, quote = FALSE)
firms <- read.csv("firms.csv", stringsAsFactors = TRUE)
firms <- firms[!is.na(firms$graduates), ]
written <- list()
keep <- function(case, what, term, estimate, second = NA, third = NA)
  written[[length(written) + 1]] <<- data.frame(
    case = case, what = what, term = term, estimate = unname(estimate), second = unname(second),
    third = unname(third))
tight <- brglmControl(type = "AS_mean", epsilon = 1e-15, maxit = 5000)
firth <- function(formula, data, w) {
  data$w <- w
  suppressWarnings(glm(formula, binomial, data, weights = w, method = "brglmFit", control = tight))
}

# --- Separated data: the endometrial cancers of Heinze and Schemper (2002) ---
fit <- firth(HG ~ NV + PI + EH, endometrial, 1)
keep("endometrial", "model", names(coef(fit)), coef(fit), sqrt(diag(vcov(fit))))

# Penalised log-likelihood, with the penalty of the whole model, maximised with one coefficient
# held: Newton steps on the modified scores of the others.
profile <- function(X, y, j, value) {
  b <- rep(0, ncol(X)); b[j] <- value
  for (i in 1:500) {
    p <- plogis(drop(X %*% b)); v <- p * (1 - p)
    I <- crossprod(X, v * X)
    h <- v * rowSums((X %*% solve(I)) * X)
    U <- crossprod(X, y - p + h * (0.5 - p))
    step <- rep(0, ncol(X))
    step[-j] <- solve(I[-j, -j], U[-j])
    if (max(abs(step)) > 2) step <- step * 2 / max(abs(step))
    b <- b + step
    if (max(abs(step)) < 1e-13) break
  }
  eta <- drop(X %*% b); p <- plogis(eta)
  I <- crossprod(X, p * (1 - p) * X)
  sum(y * plogis(eta, log.p = TRUE) + (1 - y) * plogis(-eta, log.p = TRUE)) +
    determinant(I)$modulus[1] / 2
}
X <- model.matrix(fit); y <- endometrial$HG
top <- profile(X, y, 1, coef(fit)[1])
keep("endometrial", "penalised_log_likelihood", "", top)
for (j in 1:4) {
  b <- coef(fit)[j]; s <- sqrt(diag(vcov(fit)))[j]
  short <- function(value) 2 * (top - profile(X, y, j, value)) - qchisq(0.95, 1)
  low <- uniroot(short, c(b - 6 * s, b), tol = 1e-13)$root
  high <- uniroot(short, c(b, b + 6 * s), tol = 1e-13)$root
  keep("endometrial", "profile", names(b), low, high, 2 * (top - profile(X, y, j, 0)))
}

# --- Not separated: the made firms, without and with weights ---
right <- product ~ local + I(local^2) + world + log(employment) + graduates + exporter
sandwich_parts <- function(fit, w) {
  X <- model.matrix(fit); y <- fit$y; p <- plogis(drop(X %*% coef(fit)))
  I <- crossprod(X, w * p * (1 - p) * X)
  h <- p * (1 - p) * rowSums((X %*% solve(I)) * X)
  list(influence = ((y - p + h * (0.5 - p)) * X) %*% solve(I), I = I)
}
for (kind in c("model", "HC0", "HC1", "cluster", "design")) {
  w <- if (kind == "design") firms$weight / mean(firms$weight) else rep(1, nrow(firms))
  fit <- firth(right, firms, w)
  parts <- sandwich_parts(fit, w)
  n <- nrow(firms); k <- length(coef(fit))
  sums <- rowsum(parts$influence, as.character(firms$group)); G <- nrow(sums)
  V <- switch(kind, model = vcov(fit), HC0 = crossprod(parts$influence),
    HC1 = n / (n - k) * crossprod(parts$influence),
    cluster = G / (G - 1) * (n - 1) / (n - k) * crossprod(sums),
    design = {
      whole <- read.csv("firms.csv")
      all <- matrix(0, nrow(whole), k)
      all[!is.na(whole$graduates), ] <- parts$influence / mean(firms$weight)
      vcov(svytotal(all, svydesign(ids = ~group, strata = ~stratum, weights = ~weight,
                                   fpc = ~groups_on_frame, data = whole)))
    })
  keep("firms", kind, names(coef(fit)), coef(fit), sqrt(diag(V)))
}

header <- sprintf("# %s; brglm2 %s; survey %s; written by firth.R from firms.csv and brglm2's endometrial",
                  R.version.string, packageVersion("brglm2"), packageVersion("survey"))
writeLines(header, "firth.csv")
table <- do.call(rbind, written)
for (column in c("estimate", "second", "third")) table[[column]] <- sprintf("%.17g", table[[column]])
suppressWarnings(write.table(table, "firth.csv", append = TRUE, sep = ",", row.names = FALSE,
                             quote = 1:3))
