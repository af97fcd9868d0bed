# Writes selection.csv and mroz.csv beside this script. Run: Rscript selection.R (in this folder).
#
# Heckman's model by hand: maximum likelihood with symbolic derivatives, and the two steps as one
# system of estimating equations with numDeriv's Jacobian. sampleSelection is not in Debian; its
# published results for Mroz's women are in the tests.
source("likelihood_by_hand.R")

terms_of <- function(X, Z, ends) c(colnames(X), paste0("selection|", colnames(Z)), ends)

selection_model <- function(y, selected, X, Z) {
  one <- matrix(1, nrow(X), 1)
  list(blocks = list(e = X, z = Z, t = one, s = one), derivatives = by_predictor, pieces = list(
    piece(quote(log(pnorm(-z))), "z", !selected),
    piece(quote(log(pnorm(z * cosh(t) + (y - e) * exp(-s) * sinh(t))) - s -
                ((y - e) * exp(-s))^2 / 2 - log(2 * pi) / 2), c("e", "z", "t", "s"), selected,
          y = y)))
}

mills <- function(x) dnorm(x) / pnorm(x)

# Estimating functions (m, k) of the two steps, stacked.
stacked <- function(theta, y, selected, X, Z) {
  p <- ncol(X); q <- ncol(Z)
  beta <- theta[1:p]; gamma <- theta[p + 1:q]; lambda <- theta[p + q + 1]
  variance <- exp(2 * theta[p + q + 2])
  z <- drop(Z %*% gamma)
  ratio <- mills(z)
  residual <- ifelse(selected, y - drop(X %*% beta) - lambda * ratio, 0)
  cbind(X * residual, Z * ifelse(selected, ratio, -mills(-z)), ratio * residual,
        selected * (residual^2 + lambda^2 * ratio * (ratio + z) - variance))
}

two_steps <- function(y, selected, X, Z, w) {
  arguments <- list(y = ifelse(selected, y, 0), selected = selected, X = X, Z = Z)
  probit <- suppressWarnings(glm.fit(Z, selected, weights = w, family = binomial("probit"),
                                     control = glm.control(epsilon = 1e-14, maxit = 200)))
  z <- drop(Z %*% coef(probit))
  second <- lm.wfit(cbind(X, mills(z))[selected, ], y[selected], w[selected])
  lambda <- coef(second)[ncol(X) + 1]
  delta <- (mills(z) * (mills(z) + z))[selected]
  variance <- sum(w[selected] * (second$residuals^2 + lambda^2 * delta)) / sum(w[selected])
  theta <- unname(c(coef(second)[seq_len(ncol(X))], coef(probit), lambda, log(variance) / 2))
  total <- function(theta) colSums(w * do.call(stacked, c(list(theta), arguments)))
  for (i in 1:3) theta <- theta - solve(jacobian(total, theta), total(theta))
  list(theta = theta, scores = do.call(stacked, c(list(theta), arguments)),
       bread = solve(-jacobian(total, theta)))
}

ml_derived <- function(theta, w) {
  k <- length(theta)
  rho <- tanh(theta[k - 1]); sigma <- exp(theta[k])
  c("derived|rho" = rho, "derived|sigma" = sigma, "derived|lambda" = rho * sigma)
}
steps_derived <- function(theta, w) {
  k <- length(theta)
  sigma <- exp(theta[k])
  c("derived|rho" = theta[k - 1] / sigma, "derived|sigma" = sigma)
}
start_of <- function(steps) {
  k <- length(steps$theta)
  rho <- max(min(steps$theta[k - 1] / exp(steps$theta[k]), 0.8), -0.8)
  c(steps$theta[1:(k - 2)], atanh(rho), steps$theta[k])
}

firms <- read.csv("innovators.csv", stringsAsFactors = FALSE)
selected <- firms$research == 1
y <- ifelse(selected, firms$intensity, 0)
X <- model.matrix(~ size + exporter, firms)
Z <- model.matrix(~ size + exporter + distance, firms)
steps <- two_steps(y, selected, X, Z, rep(1, nrow(firms)))
keep_all("heckman", terms_of(X, Z, c("atanh_rho", "log_sigma")), firms, function(w, start)
  summit(selection_model(y, selected, X, Z), w, start), start_of(steps), ml_derived)
keep_all("heckman_two_step", terms_of(X, Z, c("lambda", "log_sigma")), firms, function(w, start)
  two_steps(y, selected, X, Z, w), NULL, steps_derived, has_model = FALSE)

# Mroz's women (1987), shipped with AER; wages as in Greene's example 24.8 (7th edition).
data("PSID1976", package = "AER")
women <- with(PSID1976, data.frame(
  work = as.integer(participation == "yes"), wage = wage, lwage = ifelse(wage > 0, log(wage), 0),
  age = age, income = fincome / 1e4, nwife = (fincome - hours * wage) / 1e3,
  kids = as.integer(youngkids + oldkids > 0), young = youngkids, old = oldkids,
  education = education, experience = experience, city = as.integer(city == "yes")))
write.csv(format(women, digits = 17, trim = TRUE), "mroz.csv", row.names = FALSE, quote = FALSE)
work <- women$work == 1
mroz <- function(name, y, X, Z) {
  steps <- two_steps(y, work, X, Z, rep(1, nrow(women)))
  fit <- summit(selection_model(y, work, X, Z), rep(1, nrow(women)), start_of(steps))
  keep(paste0("mroz_", name), "heckman", terms_of(X, Z, c("atanh_rho", "log_sigma")), fit$theta,
       sqrt(diag(fit$bread)))
  keep(paste0("mroz_", name), "heckman", "log_likelihood", fit$value, NA)
  influence <- steps$scores %*% t(steps$bread)
  keep(paste0("mroz_", name), "heckman_two_step", terms_of(X, Z, c("lambda", "log_sigma")),
       steps$theta, sqrt(diag(crossprod(influence))))
}
mroz("greene", women$wage, model.matrix(~ experience + I(experience^2) + education + city, women),
     model.matrix(~ age + I(age^2) + income + kids + education, women))
mroz("wooldridge", women$lwage, model.matrix(~ education + experience + I(experience^2), women),
     model.matrix(~ education + experience + I(experience^2) + nwife + age + young + old, women))
save_as("selection.csv", "selection.R", c("AER", "survey", "numDeriv"))
