from otter.test_files import test_case

OK_FORMAT = False

name = "q6"
points = None

@test_case(points=0.0, hidden=False)
def test_three_single_numbers(env):
    from autograder.hosts import otter_host
    otter_host.run('q6', 'test_three_single_numbers', env)

@test_case(points=1.0, hidden=False)
def test_loss_recon_kl(env):
    from autograder.hosts import otter_host
    otter_host.run('q6', 'test_loss_recon_kl', env)

@test_case(points=0.5, hidden=False)
def test_a_bit_per_dimension(env):
    from autograder.hosts import otter_host
    otter_host.run('q6', 'test_a_bit_per_dimension', env)
