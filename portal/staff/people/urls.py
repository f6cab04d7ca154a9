"""Addresses of people and groups."""

from django.urls import URLPattern, path

from portal.staff.people.views import fields, groups, imports, merging, people, tags

urlpatterns: list[URLPattern] = [
    path("people/", people.listing, name="people"),
    path("people.csv", people.export, name="people-export"),
    path("people.xlsx", people.export, {"form": "xlsx"}, name="people-export-xlsx"),
    path("people/known/", people.known, name="people-known"),
    path("people/new/", people.new, name="person-new"),
    path("people/import/", imports.start, name="people-import"),
    path("people/invite/", imports.choose_webinar, name="people-invite"),
    path("people/import/<slug:token>/", imports.preview, name="people-import-preview"),
    path("people/duplicates/", merging.duplicates, name="people-merge"),
    path("people/duplicates/<int:one>/<int:other>/", merging.pair, name="people-merge-pair"),
    path("people/tag/", tags.put, name="people-tag"),
    path("people/tags/", tags.listing, name="tags"),
    path("people/tags/<int:pk>/", tags.tag, name="tag"),
    path("people/tags/<int:pk>/rename/", tags.rename, name="tag-rename"),
    path("people/tags/<int:pk>/merge/", tags.merge, name="tag-merge"),
    path("people/tags/<int:pk>/delete/", tags.delete, name="tag-delete"),
    path("people/columns/", fields.listing, name="columns"),
    path("people/columns/new/", fields.new, name="column-new"),
    path("people/columns/<int:pk>/", fields.edit, name="column-edit"),
    path("people/columns/<int:pk>/move/", fields.move, name="column-move"),
    path("people/columns/<int:pk>/delete/", fields.delete, name="column-delete"),
    path("people/<int:pk>/tags/", tags.of_person, name="person-tags"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/edit/", people.edit, name="person-edit"),
    path("people/<int:pk>/delete/", people.delete, name="person-delete"),
    path("groups/", groups.listing, name="groups"),
    path("groups/new/", groups.new, name="group-new"),
    path("groups/new/rule/", groups.new_rule, name="group-rule-new"),
    path("groups/<int:pk>/rule/", groups.rule, name="group-rule"),
    path("groups/<int:pk>/", groups.group, name="group"),
    path("groups/<int:pk>/edit/", groups.edit, name="group-edit"),
    path("groups/<int:pk>/delete/", groups.delete, name="group-delete"),
    path("groups/<int:pk>/members/", groups.members, name="group-members"),
    path("webinars/<int:pk>/invite/list/", imports.to_invite, name="invite-list"),
]
