"""What is taken in of a file that an officer sends."""

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from laborreg.sheets.faults import LARGEST_FILE


class OfLimitedSize(FileUploadHandler):
    """Lets a file go as soon as more of it came than any page takes; the form arrives without it."""

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.taken = 0

    def receive_data_chunk(self, raw_data, start):
        self.taken += len(raw_data)
        if self.taken > LARGEST_FILE:
            self.request.META["laborreg.file_too_large"] = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None
