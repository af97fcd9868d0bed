# Writes goodness.csv beside this script. Run: Rscript goodness.R (in this folder).
#
# Where no package has a measure (Archer & Lemeshow, the weighted AUC, Hausman under a design)
# its formula is written out, pair by pair or by matrices, with svytotal for the variance.
suppressPackageStartupMessages({
  library(survey); library(sandwich); library(lmtest); library(AER); library(pROC); library(car)
  library(numDeriv)})
options(survey.lonely.psu = "fail", digits = 17)

firms <- read.csv("firms.csv", stringsAsFactors = FALSE)
firms$industry <- factor(firms$industry)
firms$count <- firms$world * (1 + firms$firm %% 4)
firms$years <- 1 + firms$firm %% 5
firms <- firms[!is.na(firms$graduates), ]
n <- nrow(firms)
firms$mean_one <- firms$weight / mean(firms$weight)
tight <- glm.control(epsilon = 1e-15, maxit = 500)
right <- "local + I(local^2) + log(employment) + exporter + industry + local:exporter"
explained <- function(y) as.formula(paste(y, "~", right))
outcomes <- c(linear = "growth", logit = "product", probit = "product", cloglog = "product",
              poisson = "count")
family_of <- function(name, quasi) switch(
  name, linear = gaussian(), poisson = if (quasi) quasipoisson() else poisson(),
  if (quasi) quasibinomial(name) else binomial(name))
settle <- function(make) {
  fit <- make(NULL)
  for (i in 1:25) {
    before <- coef(fit)
    fit <- make(before)
    if (max(abs(coef(fit) / before - 1)) < 1e-15) break
  }
  fit
}
plain <- function(name, formula = explained(outcomes[[name]]), data = firms) settle(function(start)
  glm(formula, family = family_of(name, FALSE), data = data, control = tight, start = start))
surveyed <- function(name, design, formula = explained(outcomes[[name]])) {
  if (name == "linear") return(svyglm(formula, design = design))
  settle(function(start) suppressWarnings(do.call(svyglm, list(
    formula, design = design, family = family_of(name, TRUE), control = tight, start = start))))
}
design <- svydesign(ids = ~group, strata = ~stratum, weights = ~weight, fpc = ~groups_on_frame,
                    data = firms)

written <- list()
keep <- function(case, item, value)
  written[[length(written) + 1]] <<- data.frame(case, item, value = as.numeric(value))
keep_named <- function(case, values)
  keep(case, names(values), unname(values))
total_error <- function(z) {
  z <- as.matrix(z)
  shown <- design
  for (j in seq_len(ncol(z))) shown$variables[[paste0("z", j)]] <- z[, j]
  vcov(svytotal(as.formula(paste("~", paste0("z", seq_len(ncol(z)), collapse = "+"))), shown))
}

# Pseudo R squared.
latent <- c(logit = pi^2 / 3, probit = 1, cloglog = pi^2 / 6)
spread <- function(x, w) sum(w * (x - weighted.mean(x, w))^2) / sum(w)
of_predictions <- function(y, p, eta, w, latent) c(
  tjur = weighted.mean(p, w * y) - weighted.mean(p, w * (1 - y)),
  mckelvey_zavoina = spread(eta, w) / (spread(eta, w) + latent))
efron <- function(y, p, w) c(efron = 1 - sum(w * (y - p)^2) / sum(w) / spread(y, w))
for (name in c("logit", "probit", "cloglog", "poisson")) {
  fit <- plain(name)
  y <- fit$y; p <- fitted(fit); one <- rep(1, n)
  full <- as.numeric(logLik(fit)); none <- as.numeric(logLik(plain(name, update(explained(outcomes[[name]]), . ~ 1))))
  k <- length(coef(fit))
  cox <- 1 - exp(2 * (none - full) / n)
  keep_named(paste0("pseudo_", name), c(
    mcfadden = 1 - full / none, adjusted_mcfadden = 1 - (full - k) / none, cox_snell = cox,
    if (name != "poisson") c(nagelkerke = cox / (1 - exp(2 * none / n))),
    if (name != "poisson") of_predictions(y, p, fit$linear.predictors, one, latent[[name]]),
    efron(y, p, one)))
  fit <- surveyed(name, design)
  p <- fitted(fit); w <- firms$mean_one
  keep_named(paste0("pseudo_", name, "_survey"), c(
    # The warning is of weights below one: their sum is a population all the same.
    cox_snell = psrsq(fit, "Cox-Snell"), nagelkerke = suppressWarnings(psrsq(fit, "Nagelkerke")),
    if (name != "poisson") of_predictions(y, p, fit$linear.predictors, w, latent[[name]]),
    efron(y, p, w)))
}

# Groups of equal weight at the quantiles of the predicted probability.
cuts_of <- function(p, w, g) {
  o <- order(p); p <- p[o]; reached <- cumsum(w[o]) / sum(w)
  sapply(seq_len(g - 1) / g, function(at) {
    exact <- which(abs(reached - at) < 1e-9)
    if (length(exact)) mean(p[exact[1] + 0:1]) else p[which(reached > at)[1]]
  })
}
grouped <- function(p, w, g) findInterval(p, cuts_of(p, w, g), left.open = TRUE) + 1

logit <- plain("logit"); p <- fitted(logit); y <- logit$y
group <- grouped(p, rep(1, n), 10)
size <- tabulate(group); observed <- tapply(y, group, sum); expected <- tapply(p, group, sum)
statistic <- sum((observed - expected)^2 / expected + (observed - expected)^2 / (size - expected))
keep_named("hosmer_lemeshow", c(statistic = statistic, df = 8,
  p_value = pchisq(statistic, 8, lower.tail = FALSE)))

survey_logit <- surveyed("logit", design); q <- fitted(survey_logit)
for (g in c(10, 6)) {
  shown <- update(design, residual = y - q, one = 1, risk = factor(grouped(q, firms$weight, g)))
  means <- svyby(~residual, ~risk, shown, svymean, covmat = TRUE)
  keep_named(paste0("calibration_", g), c(residual = coef(means)))
  keep_named(paste0("calibration_", g), c(error = SE(means)))
  W <- drop(coef(means) %*% solve(vcov(means), coef(means)))
  f <- degf(design)
  statistic <- (f - g + 2) / (f * g) * W
  keep_named(paste0("archer_lemeshow_", g), c(
    wald = W, statistic = statistic, df = g - 1, ddf = f - g + 2,
    p_value = pf(statistic, g - 1, f - g + 2, lower.tail = FALSE)))
}

# Area under the ROC: pairs of firms, the influence as the derivative by each firm's weight.
half <- function(d) (d > 0) + (d == 0) / 2
pairs <- half(outer(q[y == 1], q[y == 0], "-"))
area <- function(w) {
  weights <- outer(w[y == 1], w[y == 0])
  sum(weights * pairs) / sum(weights)
}
A <- area(firms$weight)
z <- numeric(n)
z[y == 1] <- (drop(pairs %*% firms$weight[y == 0]) / sum(firms$weight[y == 0]) - A) /
  sum(firms$weight[y == 1])
z[y == 0] <- (drop(firms$weight[y == 1] %*% pairs) / sum(firms$weight[y == 1]) - A) /
  sum(firms$weight[y == 0])
keep_named("auc_survey", c(auc = A, error = sqrt(total_error(z)[1])))
curve <- roc(y, p, quiet = TRUE, direction = "<")
keep_named("auc", c(auc = as.numeric(auc(curve)), delong = sqrt(var(curve, method = "delong"))))
best <- coords(curve, c(0.3, 0.5, 0.7), ret = c("sensitivity", "specificity"), transpose = FALSE)
keep_named("roc", c(sensitivity = best$sensitivity, specificity = best$specificity))

# Classification at a cut, as ratios of totals.
shown <- update(design, one = 1, has = y, hasnot = 1 - y, says = as.numeric(q > 0.5),
                saysnot = as.numeric(q <= 0.5), right = as.numeric((q > 0.5) == y))
for (pair in list(c("correct", "one"), c("sensitivity", "has"), c("specificity", "hasnot"),
                  c("positive_predictive_value", "says"), c("negative_predictive_value", "saysnot"))) {
  shown$variables$both <- shown$variables$right * shown$variables[[pair[2]]]
  ratio <- svyratio(~both, as.formula(paste0("~", pair[2])), shown)
  keep_named(paste0("classification_", pair[1]), c(share = coef(ratio), error = SE(ratio)))
}

# The link test.
firms$hat <- logit$linear.predictors - mean(logit$linear.predictors)
again <- plain("logit", product ~ hat + I(hat^2), firms)
keep_named("link", c(t = summary(again)$coefficients[3, 3]))
shown <- update(design, hat = survey_logit$linear.predictors)
again <- surveyed("logit", shown, product ~ hat + I(hat^2))
keep_named("link_survey", c(t = summary(again)$coefficients[3, 3], df = again$df.residual))

# Counts.
poisson_fit <- plain("poisson")
for (form in c("NB1", "NB2")) {
  test <- dispersiontest(poisson_fit, trafo = if (form == "NB1") 1 else 2)
  keep_named(paste0("dispersion_", form), c(
    alpha = unname(test$estimate), t = unname(test$statistic), p_value = unname(test$p.value)))
}
zeros <- function(fit, w, error_of) {
  X <- model.matrix(fit); mu <- fitted(fit); y <- fit$y
  share <- w / sum(w)
  predicted <- function(b) sum(share * exp(-exp(X %*% b)))
  bread <- solve(crossprod(X * sqrt(w * mu)))
  by_coefficient <- (X * (y - mu)) %*% bread %*% grad(predicted, coef(fit))
  p <- sum(share * exp(-mu)); o <- sum(share * (y == 0))
  z <- cbind((y == 0) - o, exp(-mu) - p) / sum(w)
  z[, 2] <- z[, 2] + by_coefficient
  V <- error_of(cbind(z, z[, 1] - z[, 2]))
  c(observed = o, predicted = p, difference = o - p, error = sqrt(diag(V)))
}
plainly <- function(z) n / (n - 1) * crossprod(z)
keep_named("zeros", zeros(poisson_fit, rep(1, n), plainly))
keep_named("zeros_survey", zeros(surveyed("poisson", design), firms$weight, total_error))

# Collinearity.
for (case in c("collinearity", "collinearity_weighted")) {
  w <- if (case == "collinearity") rep(1, n) else firms$mean_one
  fit <- lm(explained("growth"), data = firms, weights = w)
  # vif() joins an interaction with nothing: type "terms", each term for itself.
  factors <- suppressMessages(vif(fit, type = "terms"))
  keep_named(case, setNames(factors[, "GVIF"], paste0("gvif_", rownames(factors))))
  X <- model.matrix(fit) * sqrt(w)
  X <- sweep(X, 2, sqrt(colSums(X^2)), "/")
  s <- svd(X)
  shares <- t(s$v^2 %*% diag(1 / s$d^2)); shares <- sweep(shares, 2, colSums(shares), "/")
  keep_named(case, c(index = max(s$d) / s$d))
  keep_named(case, c(share_of_last = shares[nrow(shares), ]))
}

# Influence of firms.
few <- c(1:30, 200:215)
least_squares <- lm(explained("growth"), data = firms)
weighted <- lm(explained("growth"), data = firms, weights = mean_one)
of_firms <- function(case, fit) {
  keep_named(case, c(leverage = unname(hatvalues(fit)[few])))
  keep_named(case, c(cook = unname(cooks.distance(fit)[few])))
}
of_firms("influence_linear", least_squares)
of_firms("influence_linear_weighted", weighted)
keep_named("influence_linear", c(dfbetas_local = unname(dfbetas(least_squares)[few, "local"])))
keep_named("influence_linear_weighted", c(dfbeta_local = unname(dfbeta(weighted)[few, "local"])))
of_firms("influence_logit", logit)
of_firms("influence_poisson", poisson_fit)
# Units: the weighted logit again without each of the first groups.
names_of <- unique(firms$group)[1:25]
change <- sapply(names_of, function(g) {
  rest <- firms[firms$group != g, ]
  fit <- settle(function(start) glm(explained("product"), family = quasibinomial(), data = rest,
                                    weights = mean_one, control = tight, start = start))
  coef(survey_logit)[["exporter"]] - coef(fit)[["exporter"]]
})
keep_named("units", setNames(change, names_of))

# Residuals.
for (name in c("logit", "cloglog", "poisson")) {
  fit <- plain(name)
  for (kind in c("response", "pearson", "deviance"))
    keep_named(paste0("residuals_", name), setNames(
      residuals(fit, kind)[few], paste0(kind, seq_along(few))))
}

# Unequal variances and powers of the predictor.
koenker <- bptest(least_squares)
keep_named("breusch_pagan", c(statistic = koenker$statistic[[1]], df = koenker$parameter[[1]],
                              p_value = koenker$p.value[[1]]))
X <- model.matrix(least_squares)[, -1]
products <- do.call(cbind, lapply(seq_len(ncol(X)), function(i) X[, i] * X[, i:ncol(X)]))
products <- products[, apply(products, 2, sd) > 0]
auxiliary <- lm(residuals(least_squares)^2 ~ scale(X) + scale(products))
keep_named("white", c(statistic = n * summary(auxiliary)$r.squared, df = auxiliary$rank - 1))
survey_linear <- surveyed("linear", design)
e <- firms$growth - fitted(survey_linear)
shown <- update(design, e2 = e^2, hat = fitted(survey_linear))
test <- regTermTest(svyglm(explained("e2"), shown), as.formula(paste("~", right)))
keep_named("breusch_pagan_survey", c(statistic = test$Ftest, df = test$df, ddf = test$ddf, p_value = test$p))
ramsey <- resettest(least_squares, power = 2:3, type = "fitted")
keep_named("reset", c(statistic = ramsey$statistic[[1]], df = ramsey$parameter[["df1"]],
                      ddf = ramsey$parameter[["df2"]], p_value = ramsey$p.value[[1]]))
test <- regTermTest(svyglm(update(explained("growth"), . ~ . + I(hat^2) + I(hat^3)), shown),
                    ~ I(hat^2) + I(hat^3))
keep_named("reset_survey", c(statistic = test$Ftest, df = test$df, ddf = test$ddf, p_value = test$p))

# Effective sizes: design-based over model-based variance of the weighted fit.
keep_named("kish", c(size = sum(firms$weight)^2 / sum(firms$weight^2)))
X <- model.matrix(survey_logit); p <- fitted(survey_logit); w <- firms$mean_one
based <- solve(crossprod(X * sqrt(w * p * (1 - p))))
keep_named("effects_logit", diag(vcov(survey_logit)) / diag(based))
keep_named("effects_linear", diag(vcov(survey_linear)) / diag(vcov(weighted)))

# Weighted against unweighted.
firms$products <- firms$mean_one * model.matrix(least_squares)
larger <- lm(update(explained("growth"), . ~ . + products), data = firms)
test <- anova(least_squares, larger)
keep_named("dumouchel_duncan", c(statistic = test$F[2], df = test$Df[2], ddf = test$Res.Df[2],
                                 p_value = test$`Pr(>F)`[2]))
hausman <- function(case, with_weights, without) {
  scores <- function(fit, w) {
    X <- model.matrix(fit); mu <- fitted(fit)
    v <- if (inherits(fit, "lm") && !inherits(fit, "glm")) 1 else family(fit)$mu.eta(fit$linear.predictors)
    (X * (firms[[all.vars(formula(fit))[1]]] - mu)) %*% solve(crossprod(X * sqrt(w * v)))
  }
  z <- scores(with_weights, firms$mean_one) * firms$mean_one - scores(without, rep(1, n))
  V <- total_error(z / firms$weight)
  d <- coef(with_weights) - coef(without)
  F <- drop(d %*% solve(V, d)) / length(d)
  ddf <- degf(design) + 1 - length(d)
  keep_named(case, c(difference = unname(d)))
  keep_named(case, c(error = unname(sqrt(diag(V)))))
  keep_named(case, c(statistic = F, ddf = ddf, p_value = pf(F, length(d), ddf, lower.tail = FALSE)))
}
hausman("hausman_linear", weighted, least_squares)
hausman("hausman_logit", survey_logit, logit)

# Residual powers and the weights: their covariance as a function of coefficients, by numDeriv.
X <- model.matrix(least_squares); v <- firms$mean_one - 1
powers <- function(b) {
  e <- drop(firms$growth - X %*% b)
  sapply(1:3, function(r) mean(v * (e^r - mean(e^r))))
}
b <- coef(least_squares); e <- residuals(least_squares)
J <- jacobian(powers, b)
scale_of <- function(x) sqrt(mean((x - mean(x))^2))
z <- sapply(1:3, function(r) (v * (e^r - mean(e^r)) - powers(b)[r]) / n) +
  (X * e) %*% solve(crossprod(X)) %*% t(J)
scaled <- sapply(1:3, function(r) scale_of(v) * scale_of(e^r))
V <- plainly(sweep(z, 2, scaled, "/"))
r <- powers(b) / scaled
keep_named("pfeffermann_sverchkov", c(
  correlation = r, error = sqrt(diag(V)), chisq = drop(r %*% solve(V, r))))
keep_named("pfeffermann_sverchkov", c(plain = sapply(1:3, function(k) cor(v, e^k))))

header <- sprintf(paste("# %s; survey %s; lmtest %s; AER %s; pROC %s; car %s; numDeriv %s; written",
                        "by goodness.R from firms.csv"),
                  R.version.string, packageVersion("survey"), packageVersion("lmtest"),
                  packageVersion("AER"), packageVersion("pROC"), packageVersion("car"),
                  packageVersion("numDeriv"))
writeLines(header, "goodness.csv")
table <- do.call(rbind, written)
table$value <- sprintf("%.17g", table$value)
suppressWarnings(write.table(table, "goodness.csv", append = TRUE, sep = ",", row.names = FALSE,
                             quote = 1:2))
