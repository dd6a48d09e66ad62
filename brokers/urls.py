from django.urls import path

from brokers.views import association, courses, register, training

urlpatterns = [
    path("brokers/", register.brokers, name="brokers"),
    path("brokers/new/", register.broker_new, name="broker_new"),
    path("brokers/<int:pk>/edit/", register.broker_edit, name="broker_edit"),
    path("brokers/<int:pk>/stop/", register.broker_stop, name="broker_stop"),
    path("brokers/<int:pk>/resume/", register.broker_resume, name="broker_resume"),
    # The association.
    path("brokers/association/", association.association, name="association"),
    path("brokers/association/edit/", association.association_edit, name="association_edit"),
    path("brokers/association/people/", association.association_people, name="association_people"),
    path("brokers/association/<slug:code>/", association.branch, name="branch"),
    path("brokers/association/<slug:code>/join/", association.branch_join, name="branch_join"),
    path("brokers/association/<slug:code>/head/", association.branch_head, name="branch_head"),
    path("brokers/association/<slug:code>/paper/", association.branch_paper, name="branch_paper"),
    path("brokers/<int:pk>/membership/", association.membership, name="membership"),
    path("brokers/<int:pk>/membership/join/", association.membership_join, name="membership_join"),
    path("brokers/<int:pk>/membership/leave/", association.membership_leave, name="membership_leave"),
    path("brokers/<int:pk>/membership/post/", association.post_give, name="post_give"),
    path("brokers/posts/<int:pk>/end/", association.post_end, name="post_end"),
    # Training.
    path("brokers/courses/", courses.courses, name="courses"),
    path("brokers/courses/new/", courses.course_new, name="course_new"),
    path("brokers/courses/<int:pk>/", courses.course, name="course"),
    path("brokers/courses/<int:pk>/edit/", courses.course_edit, name="course_edit"),
    path("brokers/courses/<int:pk>/people/", courses.course_people, name="course_people"),
    path("brokers/courses/<int:pk>/remove/", courses.course_remove, name="course_remove"),
    path("brokers/courses/<int:pk>/results/", courses.course_results, name="course_results"),
    path("brokers/courses/<int:pk>/paper/", courses.course_paper, name="course_paper"),
    path("brokers/training/", training.training_page, name="training"),
]
