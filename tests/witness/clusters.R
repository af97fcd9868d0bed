# k-means and silhouettes of Fisher's irises. R 4.2.2, stats::kmeans (Hartigan & Wong), cluster.
# Writes clusters.csv: name, value. Fisher's measurements go to irises.csv.
set.seed(1)
measures <- iris[, 1:4]
names(measures) <- c("sepal_length", "sepal_width", "petal_length", "petal_width")
out <- data.frame(name = character(), value = numeric())
put <- function(name, value) out[nrow(out) + 1, ] <<- list(name, value)
tell <- function(label, data, k) {
  found <- kmeans(data, k, nstart = 100)
  found_order <- order(-found$size)
  put(paste0(label, ".within"), found$tot.withinss)
  put(paste0(label, ".total"), found$totss)
  for (place in seq_along(found_order)) {
    old <- found_order[place]
    put(paste0(label, ".size.", place), found$size[old])
    put(paste0(label, ".within.", place), found$withinss[old])
    for (name in colnames(data))
      put(paste0(label, ".mean.", name, ".", place), found$centers[old, name])
  }
  if (requireNamespace("cluster", quietly = TRUE)) {
    widths <- summary(cluster::silhouette(found$cluster, dist(data)))
    put(paste0(label, ".silhouette"), widths$avg.width)
    for (place in seq_along(found_order))
      put(paste0(label, ".silhouette.", place), widths$clus.avg.widths[found_order[place]])
  }
}
tell("plain3", measures, 3)
tell("plain2", measures, 2)
tell("scaled3", as.data.frame(scale(measures)), 3)
out$value <- format(out$value, digits = 15, trim = TRUE)
write.csv(out, "clusters.csv", row.names = FALSE, quote = FALSE)
write.csv(measures, "irises.csv", row.names = FALSE, quote = FALSE)
