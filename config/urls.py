from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

from surveys.views.log_in import LogIn

handler400 = "surveys.views.failures.bad_request"
handler403 = "surveys.views.failures.forbidden"
handler404 = "surveys.views.failures.not_found"
handler500 = "surveys.views.failures.server_error"

urlpatterns = [
    path("login/", LogIn.as_view(), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("operator/", admin.site.urls),
    path("", include("analysis.urls")),
    path("", include("surveys.urls")),
]
