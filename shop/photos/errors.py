"""Why a picture is refused; each message tells the person what would be right."""

from flask_babel import gettext as _

from shop.kit.errors import BusinessError


class PhotoRefusedError(BusinessError):
    """A file that the shop does not keep; nothing of it is left behind."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field='photo')


class EmptyPhotoError(PhotoRefusedError):
    """There is not a single byte."""

    def __init__(self) -> None:
        super().__init__(_('这个文件是空的，请重新选择一张照片。'))


class HeavyPhotoError(PhotoRefusedError):
    """More bytes than the shop takes."""

    def __init__(self, megabytes: int) -> None:
        super().__init__(_('照片超过 %(limit)s MB，请压缩后再传。', limit=megabytes))


class UnknownPictureError(PhotoRefusedError):
    """By its content the file is no picture of an accepted kind."""

    def __init__(self) -> None:
        super().__init__(_('这个文件不是照片。请上传 JPEG、PNG 或 WebP 格式的图片。'))


class VectorPictureError(PhotoRefusedError):
    """SVG may carry scripts and is never taken from outside."""

    def __init__(self) -> None:
        super().__init__(_('不接受 SVG 矢量图。请另存为 JPEG 或 PNG 后再传。'))


class PhonePictureError(PhotoRefusedError):
    """HEIC or AVIF, as some phones keep their photographs."""

    def __init__(self) -> None:
        super().__init__(_('暂不支持 HEIC 照片。请在手机相机设置里选“兼容性最佳”，或导出为 JPEG 后再传。'))


class HugePictureError(PhotoRefusedError):
    """More pixels than a photograph has; decoding it would exhaust the memory."""

    def __init__(self, megapixels: int) -> None:
        super().__init__(_('图片尺寸过大（上限 %(limit)s 百万像素），请缩小后再传。', limit=megapixels))


class BrokenPictureError(PhotoRefusedError):
    """The file begins as a picture but cannot be read to its end."""

    def __init__(self) -> None:
        super().__init__(_('图片已损坏或没有传完，请重新选择后再传。'))
