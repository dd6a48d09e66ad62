"""People, their departures and homecomings, households and unnamed groups."""

from django.urls import path

from workers.views import departure, groups, households, people, person, transfers

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/departure/", departure.departure_new, name="departure_new"),
    path("people/departure/<int:pk>/<int:step>/", departure.departure_step, name="departure_step"),
    path("people/departure/<int:pk>/done/", departure.departure_done, name="departure_done"),
    path("people/departure/<int:pk>/drop/", departure.departure_drop, name="departure_drop"),
    path("people/homecoming/", transfers.homecoming_pick, name="homecoming_pick"),
    path("people/new/", person.person_new, name="person_new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/edit/", person.person_edit, name="person_edit"),
    path("people/<int:pk>/phone/", person.person_phone, name="person_phone"),
    path("people/<int:pk>/reveal/", people.person_reveal, name="person_reveal"),
    path("people/<int:pk>/closing/", person.person_closing, name="person_closing"),
    path("people/<int:pk>/household/", person.person_household, name="person_household"),
    path("people/<int:pk>/move/", person.person_move, name="person_move"),
    path("people/<int:pk>/back/", person.person_back, name="person_back"),
    path("people/<int:pk>/void/", person.person_void, name="person_void"),
    path("people/<int:pk>/out/", transfers.already_out, name="already_out"),
    path("people/<int:pk>/homecoming/", transfers.homecoming, name="homecoming"),
    path("people/<int:pk>/job/", transfers.change_job, name="change_job"),
    path("people/transfers/<int:pk>/edit/", transfers.transfer_edit, name="transfer_edit"),
    path("people/transfers/<int:pk>/void/", transfers.transfer_void, name="transfer_void"),
    path("people/transfers/<int:pk>/home/", transfers.homecoming_done, name="homecoming_done"),
    path("people/households/<int:pk>/", households.household, name="household"),
    path("groups/", groups.groups, name="groups"),
    path("groups/new/", groups.group_new, name="group_new"),
    path("groups/<int:pk>/end/", groups.group_end, name="group_end"),
    path("groups/<int:pk>/void/", groups.group_void, name="group_void"),
]
