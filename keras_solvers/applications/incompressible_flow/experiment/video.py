"""Films of a simulation."""

from pathlib import Path

from PIL import Image

FRAMES_PER_SECOND = 24


def check_video(path):
    """Checks that the kind of film is known, and that its encoder is installed.

    Raises:
        ValueError: If the name ends neither with .mp4 nor with .gif.
        ImportError: If `imageio-ffmpeg` is missing for .mp4.
    """
    if path is None:
        return
    if Path(path).suffix not in (".mp4", ".gif"):
        raise ValueError(f"A film ends with .mp4 or .gif. Received: {path}")
    if Path(path).suffix == ".mp4":
        _encoder()


def write_video(path, frames):
    """Writes frames, `(rows, columns, 3)` bytes with even numbers of both, to .mp4 or .gif."""
    if Path(path).suffix == ".gif":
        first, *others = (Image.fromarray(frame) for frame in frames)
        duration = 1000 // FRAMES_PER_SECOND
        first.save(path, save_all=True, append_images=others, duration=duration, loop=0)
        return
    writer = None
    for frame in frames:
        if writer is None:
            rows, columns, _ = frame.shape
            options = {"fps": FRAMES_PER_SECOND, "macro_block_size": 2, "ffmpeg_log_level": "error"}
            writer = _encoder().write_frames(str(path), (columns, rows), **options)
            writer.send(None)
        writer.send(frame.tobytes())
    writer.close()


def _encoder():
    try:
        import imageio_ffmpeg
    except ImportError:
        raise ImportError(
            "Films as .mp4 need imageio-ffmpeg: pip install keras-solvers[fluids]. "
            "A .gif needs nothing."
        ) from None
    return imageio_ffmpeg
