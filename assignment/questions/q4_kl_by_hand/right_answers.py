"""Other ways to write the right numbers."""

from decimal import Decimal
from fractions import Fraction

from autograder.authoring import right_value

right_value("q4_kl_a", 0)
right_value("q4_kl_a", -0.0)
right_value("q4_kl_a", torch.tensor(0.0))
right_value("q4_kl_b", 1 / 2)
right_value("q4_kl_b", np.float32(0.5))
right_value("q4_kl_c", 0.8069)
right_value("q4_kl_c", 0.807)
right_value("q4_kl_c", torch.tensor(0.8069))
right_value("q4_kl_d", 0.8181)
right_value("q4_kl_d", 0.8182)
right_value("q4_kl_d", 0.818)
right_value("q4_kl_d", torch.tensor([0.8181]))
right_value("q4_kl_c", "0.8069")
right_value("q4_kl_b", Fraction(1, 2))
right_value("q4_kl_d", Decimal("0.8181"))
