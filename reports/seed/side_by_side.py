"""Counts townships in processes of their own, as many as the machine has cores, from what is committed."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import django


class SideBySide:
    """A pool to be used as a context; `counted` stands for `reports.filing.counted`."""

    def __enter__(self):
        # Fresh processes: a fork would share the connection and copy all that was invented.
        self.pool = ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=django.setup)
        return self

    def __exit__(self, *failed):
        self.pool.shutdown(cancel_futures=True)

    def counted(self, county, month, codes):
        from reports.filing import by_township

        return self.pool.map(_count, [(county.code, month, some) for some in by_township(codes)])


def _count(of):
    from reports.filing import count_villages
    from villages.models import County

    code, month, villages = of
    return count_villages(County.objects.get(pk=code), month, villages)
