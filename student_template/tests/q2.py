from otter.test_files import test_case

OK_FORMAT = False

name = "q2"
points = None

@test_case(points=0.0, hidden=False)
def test_form(env):
    from autograder.hosts import otter_host
    otter_host.run('q2', 'test_form', env)

@test_case(points=0.5, hidden=False)
def test_z_scatters_around_mu(env):
    from autograder.hosts import otter_host
    otter_host.run('q2', 'test_z_scatters_around_mu', env)

@test_case(points=0.0, hidden=False)
def test_noise_is_fresh(env):
    from autograder.hosts import otter_host
    otter_host.run('q2', 'test_noise_is_fresh', env)

@test_case(points=1.5, hidden=False)
def test_gradients(env):
    from autograder.hosts import otter_host
    otter_host.run('q2', 'test_gradients', env)
