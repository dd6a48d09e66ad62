from django.urls import path

from brokers.views import certificates, complaints, filing, publications, register

urlpatterns = [
    path("brokers/", register.brokers, name="brokers"),
    path("brokers/new/", register.broker_new, name="broker_new"),
    path("brokers/<int:pk>/edit/", register.broker_edit, name="broker_edit"),
    path("brokers/<int:pk>/reveal/", register.broker_reveal, name="broker_reveal"),
    path("brokers/<int:pk>/stop/", register.broker_stop, name="broker_stop"),
    path("brokers/<int:pk>/resume/", register.broker_resume, name="broker_resume"),
    path("brokers/<int:pk>/filing/", filing.broker_filing, name="broker_filing"),
    path("brokers/<int:pk>/filing/<slug:step>/", filing.broker_step, name="broker_step"),
    path("brokers/<int:pk>/certificate/", certificates.certificate, name="certificate"),
    path("brokers/<int:pk>/certificate/card/", certificates.certificate_card, name="certificate_card"),
    path("brokers/<int:pk>/complaint/", complaints.complaint_new, name="complaint_new"),
    path("brokers/complaints/", complaints.complaints, name="complaints"),
    path("brokers/complaints/<int:pk>/", complaints.complaint, name="complaint"),
    path("brokers/lists/", publications.publications, name="publications"),
    path("brokers/lists/new/", publications.publication_new, name="publication_new"),
    path("brokers/lists/<int:pk>/", publications.publication, name="publication"),
    path("brokers/lists/<int:pk>/paper/", publications.publication_paper, name="publication_paper"),
    path("brokers/lists/<int:pk>/file/", publications.publication_file, name="publication_file"),
    path("c/<slug:word>/", certificates.certificate_check, name="certificate_check"),
]
