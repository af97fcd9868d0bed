"""The yardstick: a Django project with one view that writes one row for every page sent."""
