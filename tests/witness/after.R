# Writes after.csv beside this script. Run: Rscript after.R (in this folder).
#
# Tests and decompositions after estimation. Where no R package is at hand (Lind & Mehlum, Stata's
# adjusted Wald, Oaxaca-Blinder, Fairlie) the formula is written out here, with derivatives by
# numDeriv where the product has them in closed form.
suppressPackageStartupMessages({library(survey); library(multcomp); library(numDeriv)})
options(survey.lonely.psu = "fail", digits = 17)

firms <- read.csv("firms.csv", stringsAsFactors = FALSE)
firms$industry <- factor(firms$industry)
firms <- firms[!is.na(firms$graduates), ]
# The decompositions keep the firm that did not answer out of the sums, not out of the design.
everyone <- read.csv("firms.csv", stringsAsFactors = FALSE)
everyone$industry <- factor(everyone$industry)
tight <- glm.control(epsilon = 1e-14, maxit = 200)
right <- ~ local + I(local^2) + world + log(employment) + graduates + exporter + industry

written <- list()
keep <- function(case, item, value)
  written[[length(written) + 1]] <<- data.frame(case = case, item = item, value = as.numeric(value))
keep_named <- function(case, values) for (i in seq_along(values)) keep(case, names(values)[i], values[i])

survey_of <- function(data) svydesign(ids = ~group, strata = ~stratum, weights = ~weight,
                                      fpc = ~groups_on_frame, data = data)
design <- survey_of(everyone)
# do.call passes values: svyglm would look for the names in its own rooms.
surveyed <- function(formula, design, family, start = NULL) suppressWarnings(do.call(svyglm, list(
  formula, design = design, family = family, control = tight, start = start)))
restarted <- function(formula, design, family) {
  fit <- surveyed(formula, design, family)
  for (i in 1:5) fit <- surveyed(formula, design, family, coef(fit))
  fit
}
logit <- restarted(update(right, product ~ .), design, quasibinomial())
linear <- svyglm(update(right, growth ~ .), design = design)
# On the firms that answered about graduates, so that dropping the term changes no rows.
answered <- subset(design, !is.na(graduates))

# Wald: regTermTest, and Stata's adjusted F by hand.
degf_ <- degf(answered)
for (name in c("logit", "linear")) {
  fit <- get(name)
  test <- regTermTest(fit, ~ industry)
  keep_named(paste0("wald_", name), c(F = test$Ftest, df = test$df, ddf = test$ddf, p = test$p))
  chi <- regTermTest(fit, ~ industry, df = Inf)
  keep_named(paste0("wald_chi_", name), c(chisq = chi$chisq, p = chi$p))
  q <- test$df
  adjusted <- (degf_ - q + 1) / (degf_ * q) * chi$chisq
  keep_named(paste0("wald_adjusted_", name), c(
    F = adjusted, ddf = degf_ - q + 1, p = pf(adjusted, q, degf_ - q + 1, lower.tail = FALSE)))
}

# Contrasts, equality and direction: multcomp on the design-based covariance.
sums <- c("local - world = 0", "exporter + 2 * graduates = 0.5", "industrymetal - industrytrade = 0")
several <- glht(logit, linfct = sums, df = logit$df.residual)
contrast <- summary(several, test = univariate())$test
for (i in seq_along(sums)) keep_named(paste0("contrast_", i), c(
  estimate = unname(contrast$coefficients[i] - several$rhs[i]), std_error = unname(contrast$sigma[i]),
  t = unname(contrast$tstat[i]), p = unname(contrast$pvalues)[i]))
less <- summary(glht(logit, linfct = "world - local >= 0", df = logit$df.residual), test = univariate())
keep("directed_world_below_local", "p", less$test$pvalues)
joint <- summary(several, test = Ftest())$test
keep_named("joint_contrasts", c(F = joint$fstat, p = joint$pvalue))

# Max-t, on one model, tight integration.
family <- glht(logit, linfct = c("local = 0", "world = 0", "graduates = 0", "exporter = 0"),
               df = logit$df.residual)
set.seed(1)
integrate <- function(type) summary(family, test = adjusted(type, maxpts = 2e6, abseps = 1e-6))$test$pvalues
single <- integrate("single-step"); free <- integrate("free")
for (i in 1:4) keep_named(paste0("max_t_", i), c(single = unname(single)[i], free = unname(free)[i]))

# Rao-Scott: likelihood ratio and working Wald.
update_on <- function(fit, formula) surveyed(formula, answered, fit$family)
for (name in c("logit", "linear")) {
  fit <- update_on(get(name), formula(get(name)))
  for (method in c("saddlepoint", "satterthwaite")) {
    test <- regTermTest(fit, ~ industry + graduates, method = "LRT", lrt.approximation = method)
    keep(paste0("rao_scott_", name), paste0("p_", method), test$p)
    test <- regTermTest(fit, ~ industry + graduates, method = "LRT", lrt.approximation = method, df = Inf)
    keep(paste0("rao_scott_", name), paste0("p_chi_", method), test$p)
  }
  keep_named(paste0("rao_scott_", name), c(chisq = test$chisq))
  lambda <- sort(Re(test$lambda), decreasing = TRUE)
  keep_named(paste0("rao_scott_", name), setNames(lambda, paste0("lambda_", seq_along(lambda))))
  working <- regTermTest(fit, ~ industry + graduates, method = "WorkingWald")
  keep_named(paste0("working_wald_", name), c(chisq = working$chisq, p = working$p))
  smaller <- update_on(get(name), update(formula(get(name)), . ~ . - industry - graduates))
  keep_named(paste0("anova_", name), c(p = anova(fit, smaller)$p))
}

# Plain likelihood ratio and criteria.
plain <- glm(update(right, product ~ .), family = binomial(), data = firms, control = tight)
fewer <- glm(update(right, product ~ . - industry), family = binomial(), data = firms, control = tight)
ratio <- anova(fewer, plain, test = "LRT")
keep_named("likelihood_ratio", c(chisq = ratio$Deviance[2], df = ratio$Df[2], p = ratio$`Pr(>Chi)`[2]))
k <- length(coef(plain)); n <- nrow(firms)
keep_named("criteria", c(log_likelihood = as.numeric(logLik(plain)), aic = AIC(plain), bic = BIC(plain),
                         aicc = AIC(plain) + 2 * k * (k + 1) / (n - k - 1)))
whole <- update_on(logit, formula(logit))
part <- update_on(logit, update(formula(logit), . ~ . - industry - graduates))
keep_named("design_aic", setNames(AIC(whole), c("effective", "daic", "delta")))
keep_named("design_bic_part", setNames(BIC(part, maximal = whole), c("p", "dbic", "neff")))
keep_named("design_bic_whole", setNames(BIC(whole, maximal = whole)[1:2], c("p", "dbic")))

# P-values of several tests.
p <- c(0.001, 0.04, 0.012, 0.0125, 0.3, 0.012)
for (method in c("holm", "BH", "BY")) keep_named(paste0("p_adjust_", method),
                                                 setNames(p.adjust(p, method), seq_along(p)))

# Lind & Mehlum by hand: the bounds of Fieller's interval by inverting the t-test.
u_test <- function(case, b, V, df, low, high) {
  slope <- function(x) b[1] + 2 * b[2] * x
  error <- function(x) sqrt(V[1, 1] + 4 * x * V[1, 2] + 4 * x^2 * V[2, 2])
  t <- function(x) slope(x) / error(x)
  sign <- if (b[2] > 0) 1 else -1
  lower <- pt(-sign * t(low), df, lower.tail = FALSE)
  upper <- pt(sign * t(high), df, lower.tail = FALSE)
  turn <- -b[1] / (2 * b[2])
  critical <- qt(0.975, df)
  inside <- function(x) abs(t(x)) - critical
  roots <- sort(Re(polyroot(c(b[1]^2 - critical^2 * V[1, 1], 4 * (b[1] * b[2] - critical^2 * V[1, 2]),
                              4 * (b[2]^2 - critical^2 * V[2, 2])))))
  delta <- grad(function(b) -b[1] / (2 * b[2]), b)
  half <- critical * sqrt(drop(delta %*% V %*% delta))
  keep_named(case, c(linear = b[1], square = b[2], v11 = V[1, 1], v12 = V[1, 2], v22 = V[2, 2], df = df,
    low = low, high = high, slope_low = slope(low), slope_high = slope(high), t_low = t(low),
    t_high = t(high), p_low = lower, p_high = upper, p = max(lower, upper), turn = turn,
    fieller_low = roots[1], fieller_high = roots[2], is_interval = inside(mean(roots)) < 0,
    delta_low = turn - half, delta_high = turn + half))
}
cars <- lm(mpg ~ hp + I(hp^2), mtcars)
u_test("u_cars", unname(coef(cars)[2:3]), unname(vcov(cars)[2:3, 2:3]), cars$df.residual,
       min(mtcars$hp), max(mtcars$hp))
at <- c("local", "I(local^2)")
u_test("u_firms", unname(coef(logit)[at]), unname(vcov(logit)[at, at]), logit$df.residual,
       min(firms$local), max(firms$local))

# Oaxaca-Blinder by hand: coefficients, means and their joint influence; gap between exporters and
# others in growth. Derivatives by numDeriv. Design-based by svytotal of the influences.
characteristics <- ~ local + world + log(employment) + graduates + industry
gap <- function(data, w) {
  X <- model.matrix(characteristics, data); y <- data$growth; first <- data$exporter == 1
  coefficients <- function(rows, X) {
    fit <- lm.wfit(X[rows, ], y[rows], w[rows])
    influence <- matrix(0, nrow(X), ncol(X))
    influence[rows, ] <- (X[rows, ] * fit$residuals) %*%
      solve(crossprod(X[rows, ] * sqrt(w[rows])))
    list(values = fit$coefficients, influence = influence)
  }
  means <- function(rows) {
    mean <- colSums(X[rows, ] * w[rows]) / sum(w[rows])
    list(values = mean, influence = rows * sweep(X, 2, mean) / sum(w[rows]))
  }
  k <- ncol(X)
  pooled <- coefficients(rep(TRUE, nrow(X)), X)
  grouped <- coefficients(rep(TRUE, nrow(X)), cbind(X, first))
  pieces <- list(coefficients(first, X), coefficients(!first, X), means(first), means(!first), pooled,
                 list(values = grouped$values[1:k], influence = grouped$influence[, 1:k]))
  list(values = unlist(lapply(pieces, `[[`, "values")), k = k, share = sum(w[first]) / sum(w),
       influence = do.call(cbind, lapply(pieces, `[[`, "influence")), first = first,
       names = colnames(X), X = X, y = y)
}
industries <- function(names) grep("^industry", names)
# Effects of the levels around their mean (Gardeazabal & Ugidos), by a loop.
around <- function(b, names) {
  at <- industries(names); centre <- sum(b[at]) / (length(at) + 1)
  c(b[1] + centre, b[2:(min(at) - 1)], b[at] - centre, -centre)
}
with_base <- function(x, names) c(x, 1 - sum(x[industries(names)]))
variables <- function(names) c("(Intercept)", "local", "world", "employment", "graduates",
                               rep("industry", length(industries(names)) + 1))
parts <- function(theta, g, form) {
  part <- function(i) theta[(i - 1) * g$k + seq_len(g$k)]
  b1 <- around(part(1), g$names); b2 <- around(part(2), g$names)
  x1 <- with_base(part(3), g$names); x2 <- with_base(part(4), g$names)
  if (form == "threefold") {
    each <- list(endowments = (x1 - x2) * b2, coefficients = x2 * (b1 - b2),
                 interaction = (x1 - x2) * (b1 - b2))
  } else {
    star <- switch(form, first = b1, second = b2, half = (b1 + b2) / 2,
                   cotton = g$share * b1 + (1 - g$share) * b2, pooled = around(part(5), g$names),
                   `pooled with group` = around(part(6), g$names))
    each <- list(explained = (x1 - x2) * star, unexplained = x1 * (b1 - star) + x2 * (star - b2))
  }
  total <- c(gap = sum(x1 * b1) - sum(x2 * b2), vapply(each, sum, 0))
  by <- variables(g$names)
  detail <- unlist(lapply(names(each), function(name)
    vapply(unique(by), function(v) sum(each[[name]][by == v]), 0) |>
      setNames(paste0(name, "|", unique(by)))))
  c(total, detail)
}
keep_gap <- function(case, g, V) for (form in c("threefold", "first", "second", "half", "cotton", "pooled",
                                                "pooled with group")) {
  value <- parts(g$values, g, form)
  J <- jacobian(function(theta) parts(theta, g, form), g$values)
  error <- sqrt(diag(J %*% V %*% t(J)))
  keep_named(paste0(case, ": ", form), setNames(value, paste0("value ", names(value))))
  keep_named(paste0(case, ": ", form), setNames(error, paste0("error ", names(value))))
}
weighted <- gap(firms, firms$weight)
inside <- !is.na(everyone$graduates)
spread <- matrix(0, nrow(everyone), ncol(weighted$influence))
spread[inside, ] <- weighted$influence
keep_gap("design", weighted, vcov(svytotal(spread, design)))
# Two independent classical fits, and means with variance S / n (Jann 2008).
free <- gap(firms, rep(1, nrow(firms)))
classical <- matrix(0, length(free$values), length(free$values))
for (i in 1:2) {
  rows <- if (i == 1) free$first else !free$first
  at <- function(j) (j - 1) * free$k + seq_len(free$k)
  fit <- lm(free$y[rows] ~ free$X[rows, ] - 1)
  classical[at(i), at(i)] <- vcov(fit)
  classical[at(i + 2), at(i + 2)] <- cov(free$X[rows, ]) / sum(rows)
}
for (form in c("threefold", "half")) {
  value <- parts(free$values, free, form)
  J <- jacobian(function(theta) parts(theta, free, form), free$values)
  keep_named(paste0("model: ", form), setNames(value, paste0("value ", names(value))))
  keep_named(paste0("model: ", form),
             setNames(sqrt(diag(J %*% classical %*% t(J))), paste0("error ", names(value))))
}

# Fairlie by hand: as many exporters as others, so that the pairs are not left to chance; the
# employment of firms is all different, so that no probabilities tie.
equal <- min(table(firms$exporter))
half <- firms[unlist(lapply(c(1, 0), function(x) which(firms$exporter == x)[seq_len(equal)])), ]
fairlie <- function(link) {
  shape <- product ~ local + I(local^2) + world + log(employment) + graduates + industry
  fit <- glm(shape, family = binomial(link), data = half, control = tight)
  for (i in 1:5) fit <- glm(shape, family = binomial(link), data = half, control = tight, start = coef(fit))
  X <- model.matrix(fit)
  group <- half$exporter == 1
  index <- drop(X %*% coef(fit))
  first <- which(group)[order(index[group])]; second <- which(!group)[order(index[!group])]
  inverse <- fit$family$linkinv
  columns <- list(graduates = "graduates", local = c("local", "I(local^2)"),
                  industry = grep("^industry", colnames(X), value = TRUE), world = "world",
                  employment = "log(employment)")
  share <- function(b) {
    now <- X[first, ]; before <- mean(inverse(drop(now %*% b))); result <- c()
    for (v in names(columns)) {
      now[, columns[[v]]] <- X[second, columns[[v]]]
      after <- mean(inverse(drop(now %*% b)))
      result[v] <- before - after; before <- after
    }
    c(result, explained = mean(inverse(drop(X[first, ] %*% b))) - mean(inverse(drop(X[second, ] %*% b))))
  }
  J <- jacobian(share, coef(fit))
  # As the product's: expected information.
  V <- vcov(fit)
  values <- share(coef(fit))
  keep_named(paste0("fairlie_", link), setNames(values, paste0("value ", names(values))))
  keep_named(paste0("fairlie_", link), setNames(sqrt(diag(J %*% V %*% t(J))), paste0("error ", names(values))))
}
fairlie("logit"); fairlie("probit")

file <- "after.csv"
writeLines(sprintf("# %s; survey %s; multcomp %s; mvtnorm %s; numDeriv %s; written by after.R from firms.csv",
  R.version.string, packageVersion("survey"), packageVersion("multcomp"), packageVersion("mvtnorm"),
  packageVersion("numDeriv")), file)
table <- do.call(rbind, written)
table$value <- sprintf("%.17g", table$value)
suppressWarnings(write.table(table, file, append = TRUE, sep = ",", row.names = FALSE, quote = 1:2))
