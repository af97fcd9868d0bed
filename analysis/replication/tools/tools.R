# Rows for which none of the columns is missing, and which a subpopulation column holds, if any.
complete <- function(columns, inside = NULL) {
  rows <- complete.cases(firms[columns])
  if (!is.null(inside)) rows <- rows & firms[[inside]] == 1
  rows
}

# Restarted from its own solution: R's bound on the deviance is too generous for six digits.
tight <- glm.control(epsilon = 1e-14, maxit = 200)
again <- function(how, ...) {
  arguments <- c(list(...), list(control = tight))
  fit <- suppressWarnings(do.call(how, arguments))
  for (i in 1:4) fit <- suppressWarnings(do.call(how, c(arguments, list(start = coef(fit)))))
  fit
}
# What a model predicts for data, as a function of its coefficients.
predicts <- function(fit) {
  right <- delete.response(terms(fit))
  inverse <- if (inherits(fit, "glm")) family(fit)$linkinv else identity
  function(data) {
    frame <- model.frame(right, data, na.action = na.pass)
    X <- model.matrix(right, frame)
    o <- model.offset(frame)
    if (is.null(o)) o <- 0
    function(b) inverse(drop(X %*% b) + o)
  }
}

# Derivatives by differences of fourth order, right to ten digits or so.
differences <- function(f, x, h = 1e-3) {
  sapply(seq_along(x), function(j) {
    at <- function(times) { x[j] <- x[j] + times * h; f(x) }
    (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h)
  })
}

# ---- Maximum likelihood: the log-density of each firm is all there is to a model ----------
# `log_density(theta)` gives one number a firm. Newton's method; scores and information by
# differences. Gives theta, the scores (n, k) and the inverse information.
maximum <- function(log_density, start, w = NULL, is_near = FALSE) {
  n <- length(log_density(start))
  if (is.null(w)) w <- rep(1, n)
  w <- w / mean(w)
  scores <- function(theta) suppressWarnings(matrix(differences(log_density, theta), n))
  gradient <- function(theta) colSums(w * scores(theta))
  value <- function(theta) {
    v <- suppressWarnings(sum(w * log_density(theta)))  # a step too far is no number
    if (is.finite(v)) v else -1e300
  }
  theta <- start
  if (!is_near)
    theta <- optim(start, function(theta) -value(theta), function(theta) -gradient(theta),
                   method = "BFGS", control = list(maxit = 1000, reltol = 1e-10))$par
  for (i in 1:50) {
    information <- -matrix(differences(gradient, theta), length(theta))
    step <- solve(information, gradient(theta))
    while (value(theta + step) < value(theta) - 1e-8 && max(abs(step)) > 1e-10) step <- step / 2
    theta <- theta + step
    if (max(abs(step)) < 1e-6 * (1 + max(abs(theta)))) break  # the next would be of 1e-12
  }
  information <- -matrix(differences(gradient, theta), length(theta))
  list(theta = theta, scores = scores(theta), bread = solve((information + t(information)) / 2),
       w = w)
}

# Covariance and degrees of freedom from scores and inverse information. For a design these are
# the linearised influence of each firm, summed by survey (Binder 1983).
sandwich_of <- function(fit, kind, inside, design = NULL, cluster = NULL, refit = NULL,
                        widest = NULL) {
  n <- nrow(fit$scores); k <- length(fit$theta)
  if (is.null(widest)) widest <- k
  influence <- fit$w * fit$scores %*% fit$bread
  free <- if (is.null(fit$df_residual)) Inf else fit$df_residual
  if (kind == "model")
    return(list(V = fit$bread * if (is.null(fit$dispersion)) 1 else fit$dispersion, df = free))
  if (kind == "HC0") return(list(V = crossprod(influence), df = free))
  if (kind == "HC1") return(list(V = n / (n - k) * crossprod(influence), df = free))
  if (kind == "cluster") {
    sums <- rowsum(influence, cluster); G <- nrow(sums)
    return(list(V = G / (G - 1) * (n - 1) / (n - k) * crossprod(sums), df = G - 1))
  }
  if (kind == "design") {
    # The influence of firms outside the model is 0: they stay in the design.
    all <- matrix(0, nrow(firms), k)
    all[inside, ] <- influence / weights(design)[inside]
    reached <- subset(design, inside)
    return(list(V = vcov(svytotal(all, design)), df = degf(reached) + 1 - widest))
  }
  thetas <- t(apply(weights(design, "analysis")[inside, ], 2, refit))
  list(V = svrVar(thetas, design$scale, design$rscales, mse = design$mse, coef = fit$theta),
       df = degf(subset(design, inside)) + 1 - widest)
}

# ---- Average marginal effects, as marginaleffects::avg_slopes() defines them ---------------
# `prediction(data)` gives a function of the coefficients: what the model predicts for `data`.
# A number: the slope. Yes or no: the change from 0 to 1. A category: the change from its base.
average_effects <- function(prediction, theta, V, data, weight, variables) {
  share <- weight / sum(weight)
  mean_of <- function(data) { f <- prediction(data); function(b) sum(share * f(b)) }
  set <- function(name, value) { data[[name]] <- value; data }
  effects <- list()
  for (v in variables) {
    x <- data[[v$name]]
    if (v$kind == "number") {
      # Each firm moves by a little, in proportion where the model takes the logarithm.
      h <- 1e-3 * if (v$in_log) abs(x) else rep(max(sd(x), 1e-6), length(x))
      parts <- lapply(c(1, -1, 2, -2), function(times) prediction(set(v$name, x + times * h)))
      effects[[v$terms]] <- local({
        p <- parts; step <- h
        function(b) sum(share * (8 * (p[[1]](b) - p[[2]](b)) - (p[[3]](b) - p[[4]](b))) / (12 * step))
      })
    } else for (j in seq_along(v$terms)) effects[[v$terms[j]]] <- local({
      high <- mean_of(set(v$name, v$to[[j]])); low <- mean_of(set(v$name, v$from))
      function(b) high(b) - low(b)
    })
  }
  J <- do.call(rbind, lapply(effects, function(f) differences(f, theta, 1e-4)))
  list(estimate = vapply(effects, function(f) f(theta), 1), std_error = sqrt(diag(J %*% V %*% t(J))))
}

# A joint Wald test of R b = r; F where the degrees of freedom are finite, else chi-square.
wald <- function(estimate, V, R, r, df) {
  apart <- R %*% estimate - r
  q <- nrow(R)
  statistic <- drop(t(apart) %*% solve(R %*% V %*% t(R), apart))
  if (is.finite(df)) c(statistic / q, pf(statistic / q, q, df, lower.tail = FALSE))
  else c(statistic, pchisq(statistic, q, lower.tail = FALSE))
}

# Weighted sums of terms, jointly or, with a sign, one-sided.
linear_test <- function(model, name, estimate, V, df, terms, sums, values, sign = 0) {
  R <- t(vapply(sums, function(s) { row <- numeric(length(terms)); row[match(names(s), terms)] <- s; row },
                numeric(length(terms))))
  if (sign != 0) {
    t_value <- drop(R %*% estimate - values) / sqrt(drop(R %*% V %*% t(R)))
    found <- c(t_value, pt(sign * t_value, df, lower.tail = FALSE))
  } else found <- wald(estimate, V, R, values, df)
  compare(model, name, "statistic", found[1], NA, found[2], tolerance = 1e-5)
}

# ---- Descriptions: each line is of some firms, and of a number or of one level of a category --
describe <- function(model, design, statistic, lines, inside = NULL, lonely = "fail",
                     probability = 0.5, interval = "mean") {
  options(survey.lonely.psu = lonely)
  one_line <- function(l) {
    rows <- complete(c(l$y, l$by, l$other, l$denominator), inside)
    if (!is.null(l$by) && !is.null(l$group)) rows <- rows & firms[[l$by]] == l$group
    value <- firms[[l$y]]
    if (!is.null(l$level)) value <- as.numeric(value == l$level)
    if (!is.null(l$other)) value <- value * (firms[[l$other]] == l$group)
    design$variables$value <- value
    if (!is.null(l$denominator)) design$variables$below <- firms[[l$denominator]]
    d <- subset(design, rows)
    found <- switch(statistic,
      mean = , share = , cross_tabulation = svymean(~value, d), total = svytotal(~value, d),
      ratio = svyratio(~value, ~below, d), variance = , standard_deviation = svyvar(~value, d),
      quantile = svyquantile(~value, d, probability, interval.type = interval))
    result <- c(as.numeric(coef(found))[1], as.numeric(SE(found))[1])
    if (statistic == "standard_deviation") c(sqrt(result[1]), result[2] / (2 * sqrt(result[1])))
    else result
  }
  found <- vapply(lines, one_line, numeric(2))
  compare(model, "statistic", vapply(lines, function(l) l$term, ""), found[1, ], found[2, ])
}
association <- function(model, design, rows, columns, statistic, inside = NULL) {
  d <- subset(design, complete(c(rows, columns), inside))
  for (v in c(rows, columns)) d$variables[[v]] <- factor(d$variables[[v]])
  test <- svychisq(as.formula(paste("~", rows, "+", columns)), d, statistic = statistic)
  compare(model, "test", "statistic", test$statistic, NA, test$p.value, tolerance = 1e-5)
}

# ---- Comparing with what is expected -------------------------------------------------------
compared <- list(); failed <- character(); left_out <- list()
close_to <- function(found, wanted, unit) {
  ifelse(is.na(wanted) & is.na(found), 0,
         ifelse(is.na(wanted) | is.na(found), Inf, abs(found - wanted) / pmax(abs(wanted), unit, 1e-8)))
}
# Each expected line of one kind, such as the coefficients of model 2, beside what was found.
compare <- function(model, kind, terms, estimate, std_error = NA, p_value = NA, tolerance = 1e-6) {
  wanted <- expected[expected$model == model & expected$kind == kind, ]
  found <- data.frame(term = terms, estimate = unname(estimate), std_error = unname(std_error),
                      p_value = unname(p_value))
  found <- found[match(wanted$term, found$term), ]
  unit <- ifelse(is.na(wanted$std_error), 0, wanted$std_error)
  apart <- c(close_to(found$estimate, wanted$estimate, unit),
             close_to(found$std_error, wanted$std_error, 0),
             close_to(found$p_value, wanted$p_value, 1))
  worst <- if (length(apart)) max(apart) else 0
  print(data.frame(term = wanted$term, expected = signif(wanted$estimate, 6),
                   found = signif(found$estimate, 6), expected_se = signif(wanted$std_error, 6),
                   found_se = signif(found$std_error, 6)), row.names = FALSE)
  compared[[length(compared) + 1]] <<- data.frame(model, kind, lines = nrow(wanted),
                                                  largest_deviation = worst, tolerance,
                                                  agrees = worst <= tolerance)
}
report <- function(model, estimate, V, df, terms, tolerance = 1e-6) {
  error <- sqrt(diag(V))
  compare(model, "coefficient", terms, estimate, error, 2 * pt(-abs(estimate / error), df),
          tolerance)
}
report_effects <- function(model, effects, df, tolerance = 1e-6)
  compare(model, "effect", names(effects$estimate), effects$estimate, effects$std_error,
          2 * pt(-abs(effects$estimate / effects$std_error), df), tolerance)

# One model after the other: where one fails, the others still come.
attempt <- function(model, title, work) {
  cat("\n==", model, "-", title, "\n")
  tryCatch(work, error = function(e) {
    failed <<- c(failed, paste0(model, ": ", conditionMessage(e)))
    cat("FAILED:", conditionMessage(e), "\n")
  })
  invisible()
}
not_re_estimated <- function(model, title, why) {
  left_out[[length(left_out) + 1]] <<- c(model, title, why)
  cat("\n==", model, "-", title, "\nNOT RE-ESTIMATED by this script:", why, "\n")
}
finish <- function() {
  cat("\n==== Result ====\n")
  result <- do.call(rbind, compared)
  if (!is.null(result)) {
    print(transform(result, largest_deviation = signif(largest_deviation, 2)), row.names = FALSE)
    cat("Largest deviation:", signif(max(result$largest_deviation), 3), "\n")
  }
  for (each in left_out) cat("Not re-estimated:", each[1], "-", each[2], "-", each[3], "\n")
  for (each in failed) cat("FAILED:", each, "\n")
  seen <- c(if (!is.null(result)) paste(result$model, result$kind), character())
  skipped <- vapply(left_out, function(each) each[1], "")
  lines <- unique(paste(expected$model, expected$kind)[!(expected$model %in% skipped)])
  missed <- setdiff(lines, seen)
  for (each in missed) cat("NOT COMPARED:", each, "\n")
  good <- !is.null(result) && all(result$agrees) && !length(failed) && !length(missed)
  cat(if (good) "All that was re-estimated agrees.\n" else "NOT ALL AGREES.\n")
  quit(status = if (good) 0 else 1)
}
