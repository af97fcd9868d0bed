from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

handler400 = "surveys.views.failures.bad_request"
handler403 = "surveys.views.failures.forbidden"
handler404 = "surveys.views.failures.not_found"
handler500 = "surveys.views.failures.server_error"

urlpatterns = [
    path("login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("operator/", admin.site.urls),
    path("", include("analysis.urls")),
    path("", include("surveys.urls")),
]
