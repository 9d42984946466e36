def scale(student, x):
    return {"y": student.scale(x)}


def norm(student, x):
    return {"y": student.norm(x)}
