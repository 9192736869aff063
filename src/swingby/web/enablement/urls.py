"""Addresses of a firm's learning."""

from __future__ import annotations

from django.urls import path

from swingby.web.enablement import badge_views, board_views, hour_views, story_views, study_views, views, voucher_views

app_name = "learning"
urlpatterns = [
    path("<str:firm>/", views.mine, name="mine"),
    path("<str:firm>/tell/", views.tell, name="tell"),
    path("<str:firm>/languages/", views.languages, name="languages"),
    path("<str:firm>/coverage/", views.coverage, name="coverage"),
    path("<str:firm>/coverage/<str:code>/", views.certification, name="certification"),
    path("<str:firm>/coverage/<str:code>/answer/", views.answer, name="answer"),
    path("<str:firm>/helpers/", views.helpers, name="helpers"),
    path("<str:firm>/ahead/", views.ahead, name="ahead"),
    path("<str:firm>/badges/", badge_views.badges, name="badges"),
    path("<str:firm>/badges/issue/", badge_views.issue, name="badge_issue"),
    path("<str:firm>/badges/import/", badge_views.take, name="badge_import"),
    path("<str:firm>/badges/<str:badge>/", badge_views.change, name="badge_change"),
    path("<str:firm>/badges/<str:badge>/file/", badge_views.own_file, name="badge_file"),
    path("<str:firm>/boards/", board_views.boards, name="boards"),
    path("<str:firm>/boards/me/", board_views.choose, name="board_choice"),
    path("<str:firm>/boards/countries/", board_views.switch, name="board_country"),
    path("<str:firm>/groups/", study_views.groups, name="groups"),
    path("<str:firm>/groups/found/", study_views.group_found, name="group_found"),
    path("<str:firm>/groups/wish/", study_views.study_wish, name="study_wish"),
    path("<str:firm>/groups/sharing/", study_views.study_sharing, name="study_sharing"),
    path("<str:firm>/groups/<str:circle>/", study_views.group, name="group"),
    path("<str:firm>/groups/<str:circle>/act/", study_views.group_act, name="group_act"),
    path("<str:firm>/groups/<str:circle>/calendar/", study_views.group_calendar, name="group_calendar"),
    path("<str:firm>/stories/", story_views.wall, name="wall"),
    path("<str:firm>/stories/tell/<str:code>/", story_views.story_tell, name="story_tell"),
    path("<str:firm>/stories/<str:story>/", story_views.story, name="story"),
    path("<str:firm>/stories/<str:story>/act/", story_views.story_act, name="story_act"),
    path("<str:firm>/hours/", hour_views.hours, name="hours"),
    path("<str:firm>/hours/note/", hour_views.hours_note, name="hours_note"),
    path("<str:firm>/hours/rule/", hour_views.hours_rule, name="hours_rule"),
    path("<str:firm>/hours/<int:note>/", hour_views.hours_change, name="hours_change"),
    path("<str:firm>/vouchers/", voucher_views.vouchers, name="vouchers"),
    path("<str:firm>/vouchers/load/", voucher_views.vouchers_load, name="vouchers_load"),
    path("<str:firm>/vouchers/budget/", voucher_views.voucher_budget, name="voucher_budget"),
    path("<str:firm>/vouchers/give/", voucher_views.voucher_give, name="voucher_give"),
    path("<str:firm>/vouchers/<str:voucher>/act/", voucher_views.voucher_act, name="voucher_act"),
    path("<str:firm>/catalogue/", views.changes, name="changes"),
]
