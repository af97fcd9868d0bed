# Writes counts.csv beside this script. Run: Rscript counts.R (in this folder).
#
# Every covariance by hand (likelihood_by_hand.R); MASS, pscl and glmmTMB say the same of
# coefficients, to what their iterations and finite differences allow.
source("likelihood_by_hand.R")
suppressPackageStartupMessages({library(MASS); library(pscl); library(glmmTMB)})
firms <- read.csv("innovators.csv", stringsAsFactors = FALSE)
n <- nrow(firms)
everyone <- rep(TRUE, n)
X <- model.matrix(~ size + exporter, firms)
Z <- model.matrix(~ distance, firms)
one <- matrix(1, n, 1)

log_poisson <- quote(y * e - exp(e) - lgamma(y + 1))
log_binomial <- quote(lgamma(y + exp(-t)) - lgamma(exp(-t)) - lgamma(y + 1) -
  (y + exp(-t)) * log(1 + exp(t + e)) + y * (t + e))
zero_poisson <- quote(-exp(e))
zero_binomial <- quote(-exp(-t) * log(1 + exp(t + e)))
share <- quote(1 / (1 + exp(-g)))

two_part <- function(y, log_count, log_zero, is_hurdle, predictors, blocks) {
  none <- y == 0
  zero <- if (is_hurdle) bquote(log(1 - .(share)))
          else bquote(log(.(share) + (1 - .(share)) * exp(.(log_zero))))
  some <- if (is_hurdle) bquote(log(.(share)) + .(log_count) - log(1 - exp(.(log_zero))))
          else bquote(log(1 - .(share)) + .(log_count))
  used <- if (is_hurdle) "g" else predictors
  list(blocks = blocks, derivatives = by_predictor, pieces = list(
    piece(zero, used, none, y = y), piece(some, predictors, !none, y = y)))
}
alpha <- function(theta, w) c("derived|alpha" = unname(exp(theta[length(theta)])))
named_terms <- function(role, extra = NULL)
  c(colnames(X), paste0(role, "|", colnames(Z)), extra)
by_hand <- function(estimator, terms, model, start, derived = NULL)
  keep_all(estimator, terms, firms, function(w, from) summit(model, w, from), start, derived)
package <- function(name, estimator, terms, estimate, std_error)
  keep(paste0("package_", name), estimator, terms, estimate, std_error)

# Negative binomial, per year of activity.
y <- firms$projects
model <- list(blocks = list(e = X, t = one), derivatives = by_predictor, pieces = list(
  piece(do.call(substitute, list(log_binomial, list(e = quote((e + o))))), c("e", "t"), everyone,
        y = y, o = log(firms$years))))
nb <- glm.nb(projects ~ size + exporter + offset(log(years)), data = firms,
             control = glm.control(epsilon = 1e-14, maxit = 200))
package("MASS", "negative_binomial", c(colnames(X), "derived|alpha"),
        c(coef(nb), 1 / nb$theta), c(rep(NA, 3), nb$SE.theta / nb$theta^2))
by_hand("negative_binomial", c(colnames(X), "log_alpha"), model, c(coef(nb), -log(nb$theta)), alpha)

tight <- hurdle.control(reltol = 1e-16)
tight_zero <- zeroinfl.control(reltol = 1e-16)
from_pscl <- function(fit) c(fit$coefficients$count, fit$coefficients$zero,
                             if (!is.null(fit$theta)) -log(fit$theta))
errors_of <- function(fit) c(sqrt(diag(vcov(fit))), if (!is.null(fit$theta)) fit$SE.logtheta)

for (dist in c("poisson", "negbin")) for (is_hurdle in c(TRUE, FALSE)) {
  is_poisson <- dist == "poisson"
  firms$y <- if (is_poisson) firms$licences else firms$patents
  fit <- if (is_hurdle) hurdle(y ~ size + exporter | distance, data = firms, dist = dist, control = tight)
         else zeroinfl(y ~ size + exporter | distance, data = firms, dist = dist, control = tight_zero)
  kind <- if (is_poisson) "poisson" else "negative_binomial"
  estimator <- paste0(if (is_hurdle) "hurdle_" else "zero_inflated_", kind)
  terms <- named_terms(if (is_hurdle) "participation" else "inflation", if (!is_poisson) "log_alpha")
  predictors <- c("e", "g", if (!is_poisson) "t")
  blocks <- c(list(e = X, g = Z), if (!is_poisson) list(t = one))
  package("pscl", estimator, terms, from_pscl(fit), errors_of(fit))
  model <- two_part(firms$y, if (is_poisson) log_poisson else log_binomial,
                    if (is_poisson) zero_poisson else zero_binomial, is_hurdle, predictors, blocks)
  by_hand(estimator, terms, model, from_pscl(fit), if (!is_poisson) alpha)
  if (!is_hurdle) {
    again <- glmmTMB(y ~ size + exporter, ziformula = ~ distance, data = firms,
                     family = if (is_poisson) poisson else nbinom2)
    parts <- again$fit$par
    values <- c(parts[names(parts) == "beta"], parts[names(parts) == "betazi"],
                if (!is_poisson) -parts[["betad"]])
    covariance <- vcov(again, full = TRUE)
    errors <- sqrt(diag(covariance))
    if (!is_poisson) errors <- errors[c(1:3, 4:5, 6)]
    package("glmmTMB", estimator, terms, values, errors)
    again <- glmmTMB(y ~ size + exporter, ziformula = ~ distance, data = firms,
                     weights = weight / mean(weight),
                     family = if (is_poisson) poisson else nbinom2)
    parts <- again$fit$par
    package("glmmTMB_weighted", estimator, terms,
            c(parts[names(parts) == "beta"], parts[names(parts) == "betazi"],
              if (!is_poisson) -parts[["betad"]]), NA)
  }
  # pscl's weights are frequencies: coefficients are those of the weighted likelihood. Of the
  # zero-inflated negative binomial its BFGS stops lower than the summit (-746.965, -746.937).
  firms$w <- firms$weight / mean(firms$weight)
  fit <- if (is_hurdle) hurdle(y ~ size + exporter | distance, data = firms, dist = dist, weights = w, control = tight)
         else zeroinfl(y ~ size + exporter | distance, data = firms, dist = dist, weights = w, control = tight_zero)
  package("pscl_weighted", estimator, terms, from_pscl(fit), NA)
}

# Long's biochemists (1997), shipped with pscl.
write.csv(bioChemists, "biochemists.csv", row.names = FALSE)
nb <- glm.nb(art ~ fem + mar + kid5 + phd + ment, data = bioChemists,
             control = glm.control(epsilon = 1e-14, maxit = 200))
package("biochemists", "negative_binomial", c(names(coef(nb)), "derived|alpha"),
        c(coef(nb), 1 / nb$theta), NA)
for (dist in c("poisson", "negbin")) {
  estimator <- paste0("zero_inflated_", if (dist == "poisson") dist else "negative_binomial")
  fit <- zeroinfl(art ~ . | ., data = bioChemists, dist = dist, control = tight_zero)
  columns <- names(fit$coefficients$count)
  package("biochemists", estimator,
          c(columns, paste0("inflation|", columns), if (dist == "negbin") "log_alpha"),
          from_pscl(fit), errors_of(fit))
}
save_as("counts.csv", "counts.R", c("MASS", "pscl", "glmmTMB", "survey", "numDeriv"))
