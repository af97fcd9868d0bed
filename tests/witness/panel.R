# Writes panel.csv beside this script, and panel_grunfeld.csv and panel_infert.csv, data that
# come with R. Run: Rscript panel.R (in this folder).
#
# Standard errors clustered by firm have the factor G/(G - 1) (n - 1)/(n - k) of sandwich's
# vcovCL(type = "HC1"), n and G of the rows that R's own fit uses, unless the case is named for
# a package that does otherwise.
suppressPackageStartupMessages({
  library(plm); library(sandwich); library(estimatr); library(survival); library(survey)
  library(lavaan); library(systemfit); library(numDeriv); library(AER)
})
options(digits = 17, survey.lonely.psu = "fail")

d <- read.csv("panel_firms.csv", stringsAsFactors = FALSE)
d <- d[order(d$firm, d$wave), ]
tight <- glm.control(epsilon = 1e-14, maxit = 200)

written <- list()
keep <- function(case, terms, estimate, std_error = NA, df = NA, n = NA)
  written[[length(written) + 1]] <<- data.frame(
    case = case, term = terms, estimate = unname(estimate), std_error = unname(std_error), df = df,
    n = n)
se <- function(V, pick) sqrt(diag(V))[pick]
by_firm <- function(fit, cluster) vcovCL(fit, cluster = cluster, type = "HC1", cadjust = TRUE)
# A clustered fit, with the degrees of freedom and n that go with it.
keep_clustered <- function(case, terms, fit, cluster)
  keep(case, terms, coef(fit), sqrt(diag(by_firm(fit, cluster))), length(unique(cluster)) - 1,
       nobs(fit))
factor_of_clusters <- function(G, n, k) G / (G - 1) * (n - 1) / (n - k)

# --- within -------------------------------------------------------------------------------
x <- c("networking", "size", "exporter")
p <- pdata.frame(d, index = c("firm", "wave"))
within <- plm(productivity ~ networking + size + exporter, data = p, model = "within")
keep("fe_model", x, coef(within), se(vcov(within), x), within$df.residual, nobs(within))
keep("fe_cluster_plm", x, coef(within), se(vcovHC(within, method = "arellano", type = "sss"), x))
# As Stata's xtreg, fe: least squares of deviations with their level put back.
deviations_of <- function(names, data, w) {
  for (v in names) {
    of_firm <- ave(data[[v]] * w, data$firm, FUN = sum) / ave(w, data$firm, FUN = sum)
    data[[v]] <- data[[v]] - of_firm + sum(w * data[[v]]) / sum(w)
  }
  data
}
for (wave in c(2012, 2014, 2016)) d[[paste0("in", wave)]] <- as.numeric(d$wave == wave)
in_waves <- paste0("in", c(2012, 2014, 2016))
with_waves <- c("(Intercept)", x, paste0("wave|", c(2012, 2014, 2016)))
ones <- rep(1, nrow(d))
keep_clustered("fe_cluster", c("(Intercept)", x), lm(reformulate(x, "productivity"),
  data = deviations_of(c("productivity", x), d, ones)), d$firm)
keep_clustered("fe_two_way_cluster", with_waves, lm(reformulate(c(x, in_waves), "productivity"),
  data = deviations_of(c("productivity", x, in_waves), d, ones)), d$firm)
keep_clustered("fe_weights_within_cluster", c("(Intercept)", x), lm(reformulate(x, "productivity"),
  data = deviations_of(c("productivity", x), d, d$weight_t), weights = weight_t), d$firm)
# Regions that firms lie in, not the firms: effects of firms are nested in them.
keep_clustered("fe_cluster_region", c("(Intercept)", x), lm(reformulate(x, "productivity"),
  data = deviations_of(c("productivity", x), d, ones)), d$region)
# Waves cut through firms: their effects are counted, as of the model with a dummy for each.
cut <- lm(productivity ~ networking + size + exporter + factor(firm), data = d)
keep("fe_cluster_wave", x, coef(cut)[x], se(by_firm(cut, d$wave), x), 3, nobs(cut))
keep("fe_within_r_squared", "r_squared", summary(within)$r.squared["rsq"])
robust <- lm_robust(productivity ~ networking + size + exporter, data = d, fixed_effects = ~firm,
                    clusters = firm, se_type = "stata")
keep("fe_cluster_areg", x, coef(robust), robust$std.error)

two_way <- plm(productivity ~ networking + size + exporter + factor(wave), data = p, model = "within")
waves <- paste0("factor(wave)", c(2012, 2014, 2016))
names_two <- c(x, paste0("wave|", c(2012, 2014, 2016)))
keep("fe_two_way_model", names_two, coef(two_way), se(vcov(two_way), c(x, waves)),
     two_way$df.residual, nobs(two_way))

design <- svydesign(ids = ~region, strata = ~stratum, weights = ~weight_t, data = d)
surveyed <- svyglm(productivity ~ networking + size + exporter + factor(firm), design = design)
keep("fe_design", x, coef(surveyed)[x], se(vcov(surveyed), x))

# --- Poisson and conditional logit --------------------------------------------------------
total <- ave(d$patents, d$firm, FUN = sum)
count <- ave(rep(1, nrow(d)), d$firm, FUN = sum)
some <- d[total > 0 & count > 1, ]
poisson_of <- function(weights, right) {
  some$w <- weights
  suppressWarnings(glm(update(right, patents ~ . + factor(firm)), family = quasipoisson, data = some,
                       weights = w, control = tight))
}
right <- ~ networking + size + exporter
# The dummies lie in the clusters and do not count in the factor.
keep_poisson <- function(case, terms, fit, pick) {
  V <- vcovCL(fit, cluster = some$firm, type = "HC0", cadjust = FALSE)
  G <- length(unique(some$firm))
  keep(case, terms, coef(fit)[pick],
       se(V, pick) * sqrt(factor_of_clusters(G, nobs(fit), length(pick))), G - 1, nobs(fit))
}
fit <- poisson_of(rep(1, nrow(some)), right)
keep("poisson_model", x, coef(fit)[x], sqrt(diag(summary(fit)$cov.unscaled))[x], n = nobs(fit))
keep_poisson("poisson_cluster", x, fit, x)
fit <- poisson_of(some$weight_t, update(right, ~ . + factor(wave)))
keep_poisson("poisson_weights_within_cluster", names_two, fit, c(x, waves))
multinomial <- function(b) sum(sapply(split(some, some$firm), function(g) {
  eta <- as.matrix(g[x]) %*% b
  dmultinom(g$patents, prob = exp(eta), log = TRUE)
}))
keep("poisson_log_likelihood", "log_likelihood", multinomial(coef(poisson_of(rep(1, nrow(some)), right))[x]))

exact <- clogit(innovator ~ networking + size + exporter + strata(firm), data = d,
                method = "exact", control = coxph.control(eps = 1e-14, iter.max = 50))
# clogit counts firms that never change among its rows, though they have no part in it: Stata
# drops them first, and so does this.
informative <- d[ave(d$innovator, d$firm) %% 1 > 0, ]
again <- clogit(innovator ~ networking + size + exporter + strata(firm), data = informative,
                method = "exact", control = coxph.control(eps = 1e-14, iter.max = 50))
stopifnot(all.equal(coef(again), coef(exact)), all.equal(vcov(again), vcov(exact)))
keep("clogit_model", x, coef(exact), se(vcov(exact), x), n = again$n)
keep("clogit_log_likelihood", c("null", "log_likelihood"), exact$loglik)
# By enumeration of all placings: the scores of firms, for clusters and weights.
changing <- Filter(function(g) length(unique(g$innovator)) > 1, split(d, d$firm))
log_likelihood <- function(b, g, names) {
  eta <- drop(as.matrix(g[names]) %*% b)
  sums <- combn(length(eta), sum(g$innovator), function(rows) sum(eta[rows]))
  sum(eta[g$innovator == 1]) - log(sum(exp(sums)))
}
clogit_by_hand <- function(weight_name) {
  w <- sapply(changing, function(g) g[[weight_name]][1])
  likelihood <- function(b) sum(w * sapply(changing, function(g) log_likelihood(b, g, x)))
  b <- coef(exact)
  for (i in 1:20) {
    H <- hessian(likelihood, b)
    b <- b - solve(H, grad(likelihood, b))
  }
  scores <- t(sapply(changing, function(g) w[[g$firm[1]]] * grad(function(b) log_likelihood(b, g, x), b)))
  V <- solve(H) %*% crossprod(scores) %*% solve(H)
  G <- length(changing)
  list(b = b, se = sqrt(diag(V) * factor_of_clusters(G, again$n, 3)), df = G - 1)
}
d$one <- 1
changing <- Filter(function(g) length(unique(g$innovator)) > 1, split(d, d$firm))
for (each in c("one", "weight")) {
  fit <- clogit_by_hand(each)
  keep(paste0("clogit_cluster_", each), x, fit$b, fit$se, fit$df, again$n)
}
data(infert, package = "datasets")
write.csv(infert[c("stratum", "case", "spontaneous", "induced")], "panel_infert.csv",
          row.names = FALSE)
fit <- clogit(case ~ spontaneous + induced + strata(stratum), data = infert, method = "exact",
              control = coxph.control(eps = 1e-14, iter.max = 50))
keep("infert", c("spontaneous", "induced"), coef(fit), sqrt(diag(vcov(fit))), n = fit$n)
# With one case in each stratum Breslow's likelihood is the exact one, and has robust errors.
fit <- clogit(case ~ spontaneous + induced + strata(stratum), data = infert, method = "breslow",
              cluster = stratum, control = coxph.control(eps = 1e-14, iter.max = 50))
G <- length(unique(infert$stratum))
keep("infert_cluster", c("spontaneous", "induced"), coef(fit),
     sqrt(diag(vcov(fit)) * factor_of_clusters(G, fit$n, 2)), G - 1, fit$n)

# --- differences and lags -----------------------------------------------------------------
# Merged by wave, so that a wave left out leaves no difference across it (plm takes the row
# before, unless told otherwise).
pairs_of <- function(step) {
  before <- d
  before$wave <- before$wave + step
  merge(d, before, by = c("firm", "wave"), suffixes = c("", "_before"))
}
one <- pairs_of(2); two <- pairs_of(4)
change <- function(pairs) {
  for (v in c("productivity", x)) pairs[[paste0("D", v)]] <- pairs[[v]] - pairs[[paste0(v, "_before")]]
  pairs
}
one <- change(one); two <- change(two)
named <- c("(Intercept)", x)
for (case in c("fd", "long")) {
  pairs <- if (case == "fd") one else two
  fit <- lm(Dproductivity ~ Dnetworking + Dsize + Dexporter, data = pairs)
  keep(paste0(case, "_model"), named, coef(fit), sqrt(diag(vcov(fit))), fit$df.residual, nobs(fit))
  keep_clustered(paste0(case, "_cluster"), named, fit, pairs$firm)
}
fit <- lm(Dproductivity ~ Dnetworking + Dsize + Dexporter + factor(wave), data = one,
          weights = weight_t)
keep_clustered("fd_waves_weights_cluster", c(named, "wave|2014", "wave|2016"), fit, one$firm)
fit <- lm(productivity ~ productivity_before + networking_before + size_before, data = one)
lag_names <- c("(Intercept)", "outcome_lag", "networking (t-1)", "size (t-1)")
keep("lagged_model", lag_names, coef(fit), sqrt(diag(vcov(fit))), fit$df.residual, nobs(fit))
keep_clustered("lagged_cluster", lag_names, fit, one$firm)
fit <- lm(I(productivity - productivity_before) ~ productivity_before + networking_before +
            size_before, data = two, weights = weight)
keep_clustered("lagged_growth_two_weights_cluster", sub("t-1", "t-2", lag_names), fit, two$firm)

# --- correlated random effects ------------------------------------------------------------
for (v in x) d[[paste0("mean_", v)]] <- ave(d[[v]], d$firm)
cre <- c("(Intercept)", x, paste0("mean|", x))
right <- ~ networking + size + exporter + mean_networking + mean_size + mean_exporter
fit <- lm(update(right, productivity ~ .), data = d)
keep_clustered("cre_linear_cluster", cre, fit, d$firm)
for (link in c("logit", "probit")) {
  fit <- glm(update(right, innovator ~ .), family = binomial(link), data = d, control = tight)
  for (i in 1:5) fit <- glm(update(right, innovator ~ .), family = binomial(link), data = d,
                            control = tight, start = coef(fit))
  V <- by_firm(fit, d$firm)
  keep_clustered(paste0("cre_", link, "_cluster"), cre, fit, d$firm)
  pick <- paste0("mean_", x)
  keep(paste0("cre_", link, "_mundlak"), "wald",
       drop(coef(fit)[pick] %*% solve(V[pick, pick]) %*% coef(fit)[pick]))
}

# --- cross-lagged -------------------------------------------------------------------------
model <- "productivity ~ productivity_before + networking_before + size_before
          networking ~ productivity_before + networking_before + size_before
          productivity ~~ networking"
paths <- c("productivity_before", "networking_before")
fit <- sem(model, data = one, fixed.x = FALSE, meanstructure = TRUE, estimator = "MLR",
           cluster = "firm", control = list(rel.tol = 1e-15))
estimates <- parameterEstimates(fit)
standardised <- standardizedSolution(fit)
short <- c(productivity_before = "outcome_lag", networking_before = "other_lag",
           size_before = "size (t-1)")
for (equation in c("productivity", "networking")) {
  lead <- if (equation == "networking") "other|" else ""
  rows <- estimates$lhs == equation & estimates$op == "~"
  keep("cross_lavaan", paste0(lead, short[estimates$rhs[rows]]), estimates$est[rows],
       estimates$se[rows])
  rows <- standardised$lhs == equation & standardised$op == "~" & standardised$rhs %in% paths
  keep("cross_lavaan", paste0("standardised|", lead, short[standardised$rhs[rows]]),
       standardised$est.std[rows], standardised$se[rows])
}
system <- systemfit(list(productivity = productivity ~ productivity_before + networking_before + size_before,
                         networking = networking ~ productivity_before + networking_before + size_before),
                    method = "SUR", data = one)
terms <- c(lag_names, paste0("other|", lag_names))
terms <- sub("networking \\(t-1\\)", "other_lag", terms)
keep("cross_systemfit", terms, coef(system))
keep("cross_systemfit_residual", "correlation", cov2cor(system$residCov)[1, 2])
# Both equations stacked, by hand: influences on paths and variances, summed by firm.
X <- cbind(1, one$productivity_before, one$networking_before, one$size_before)
stacked <- function(w) {
  bread <- solve(crossprod(X * w, X))
  values <- cbind(one$productivity, one$networking, one$productivity_before, one$networking_before)
  b <- bread %*% crossprod(X * w, values[, 1:2])
  e <- values[, 1:2] - X %*% b
  means <- colSums(values * w) / sum(w)
  apart <- sweep(values, 2, means)^2
  variances <- colSums(apart * w) / sum(w)
  influence <- cbind((X * e[, 1]) %*% bread, (X * e[, 2]) %*% bread,
                     sweep(apart, 2, variances) / sum(w)) * w
  G <- length(unique(one$firm))
  V <- factor_of_clusters(G, nrow(one), 12) * crossprod(rowsum(influence, one$firm))
  theta <- c(b[, 1], b[, 2], variances)
  paths <- function(t) {
    s <- sqrt(t[9:12])
    standardised <- c(t[2] * s[3] / s[1], t[3] * s[4] / s[1], t[6] * s[3] / s[2], t[7] * s[4] / s[2])
    c(t[1:8], standardised, t[3] - t[6], standardised[2] - standardised[3])
  }
  J <- jacobian(paths, theta)
  list(b = paths(theta), se = sqrt(diag(J %*% V %*% t(J))), df = G - 1)
}
all_terms <- c(terms, "standardised|outcome_lag", "standardised|other_lag",
               "standardised|other|outcome_lag", "standardised|other|other_lag",
               "crossed paths apart", "standardised|crossed paths apart")
for (case in c("cross_cluster", "cross_weights_cluster")) {
  fit <- stacked(if (case == "cross_cluster") rep(1, nrow(one)) else one$weight_t)
  keep(case, all_terms, fit$b, fit$se, fit$df, nrow(one))
}

# --- attrition ----------------------------------------------------------------------------
factor_of <- setNames(rep(1, nrow(d)), rownames(d))
first <- ave(d$wave, d$firm, FUN = min)
steps <- (d$wave - first) / 2
position <- ave(rep(1, nrow(d)), d$firm, FUN = cumsum) - 1
followed <- position == steps
waves <- c(2010, 2012, 2014, 2016)
weights <- ifelse(followed & steps == 0, 1, 0)
for (i in 1:3) {
  risk <- which(d$wave == waves[i] & followed)
  there <- match(paste(d$firm[risk], waves[i + 1]), paste(d$firm, d$wave))
  stay <- as.numeric(!is.na(there))
  part <- d[risk, ]
  part$stay <- stay
  fit <- glm(stay ~ networking + size, family = quasibinomial, data = part, weights = weight,
             control = tight)
  null <- glm(stay ~ 1, family = quasibinomial, data = part, weights = weight, control = tight)
  keep("attrition_logit", paste(waves[i + 1], c("(Intercept)", "networking", "size")), coef(fit))
  ok <- stay == 1
  weights[there[ok]] <- weights[risk[ok]] * (fitted(null) / fitted(fit))[ok]
}
keep("attrition_weights", paste(d$firm, d$wave), weights)

# --- Grunfeld -----------------------------------------------------------------------------
data(Grunfeld, package = "plm")
write.csv(Grunfeld, "panel_grunfeld.csv", row.names = FALSE)
for (effect in c("individual", "twoways")) {
  fit <- plm(inv ~ value + capital, data = Grunfeld, index = c("firm", "year"), model = "within",
             effect = effect)
  keep(paste0("grunfeld_", effect), c("value", "capital"), coef(fit), sqrt(diag(vcov(fit))),
       fit$df.residual, nobs(fit))
}
fit <- plm(inv ~ value + capital, data = Grunfeld, index = c("firm", "year"), model = "fd")
keep("grunfeld_fd", c("(Intercept)", "value", "capital"), coef(fit), sqrt(diag(vcov(fit))),
     fit$df.residual, nobs(fit))
keep("grunfeld_fd_cluster", c("(Intercept)", "value", "capital"), coef(fit),
     sqrt(diag(vcovHC(fit, method = "arellano", type = "sss"))), 9, nobs(fit))

versions <- sapply(c("plm", "sandwich", "estimatr", "survival", "survey", "lavaan", "systemfit"),
                   function(p) paste(p, packageVersion(p)))
header <- sprintf("# %s; %s; written by panel.R from panel_firms.csv", R.version.string,
                  paste(versions, collapse = "; "))
table <- do.call(rbind, written)
numbers <- vapply(table, is.numeric, logical(1))
table[numbers] <- lapply(table[numbers], function(v) sprintf("%.17g", v))
writeLines(header, "panel.csv")
suppressWarnings(write.table(table, "panel.csv", append = TRUE, sep = ",", row.names = FALSE,
                             quote = which(!numbers)))
