from django.urls import path

from reports.views import board, cells, home, queue, returns, totals, workbook

urlpatterns = [
    path("", home.home, name="home"),
    path("returns/", returns.returns, name="returns"),
    path("returns/<slug:village>/<month:month>/", returns.return_page, name="return"),
    path("returns/<slug:village>/<month:month>/submit/", returns.return_submit, name="return_submit"),
    path("returns/<slug:village>/<month:month>/approve/", returns.return_approve, name="return_approve"),
    path("returns/<slug:village>/<month:month>/send-back/", returns.return_send_back, name="return_send_back"),
    path("returns/<slug:village>/<month:month>/questions/<int:pk>/", returns.return_answer, name="return_answer"),
    path("returns/<slug:village>/<month:month>/cells/<str:key>/", cells.cell, name="cell"),
    path("totals/<slug:county>/<month:month>/workbook.xlsx", workbook.download, name="workbook"),
    path("totals/", totals.totals_home, name="totals_home"),
    path("totals/<slug:area>/<month:month>/", totals.totals, name="totals"),
    path("totals/<slug:area>/<month:month>/figures/<str:key>/", totals.figure, name="drill"),
    path("queue/", queue.queue_home, name="queue_home"),
    path("queue/<month:month>/", queue.queue, name="queue"),
    path("queue/<month:month>/differences/", queue.queue_differences, name="queue_differences"),
    path("queue/<month:month>/approve/", queue.queue_approve, name="queue_approve"),
    path("board/", board.board_home, name="board_home"),
    path("board/open/", board.open_month, name="open_month"),
    path("board/<month:month>/", board.board, name="board"),
    path("board/<month:month>/lock/", board.lock, name="lock"),
]
