"""All addresses. An address that is not in the permission table answers to nobody (registers/access/permissions.toml)."""

from django.urls import include, path

handler400 = "pakan.channels.public.pages.faults.bad_request"
handler403 = "pakan.channels.public.pages.faults.forbidden"
handler404 = "pakan.channels.public.pages.faults.not_found"
handler500 = "pakan.channels.public.pages.faults.broken"

urlpatterns = [
    path("", include("pakan.channels.public.urls")),
    path("member/", include("pakan.channels.member.urls")),
    path("employer/", include("pakan.channels.employer.urls")),
    path("office/", include("pakan.channels.office.urls")),
    path("partners/", include("pakan.channels.partners.urls")),
    path("phone/", include("pakan.channels.phone.urls")),
    path("sandbox/", include("pakan.channels.phone.sandbox_urls")),
    path("law/", include("pakan.channels.openlaw.urls")),
    path("api/v1/law/", include("pakan.channels.openlaw.api_urls")),
    path("api/v1/employer/", include("pakan.channels.employer.api.urls")),
    path("kit/", include("pakan.channels.kit.urls")),
]
