"""Fields: functions of points that know their derivatives, so that equations read as on paper."""

from keras_solvers.pinn.fields import algebra  # noqa: F401, gives fields their arithmetic
