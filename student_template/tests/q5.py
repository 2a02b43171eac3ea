from otter.test_files import test_case

OK_FORMAT = False

name = "q5"
points = None

@test_case(points=0.0, hidden=False)
def test_one_number_per_example(env):
    from autograder.hosts import otter_host
    otter_host.run('q5', 'test_one_number_per_example', env)

@test_case(points=1.0, hidden=False)
def test_the_mean_costs_half_its_square(env):
    from autograder.hosts import otter_host
    otter_host.run('q5', 'test_the_mean_costs_half_its_square', env)

@test_case(points=1.0, hidden=False)
def test_a_wrong_spread_costs_too(env):
    from autograder.hosts import otter_host
    otter_host.run('q5', 'test_a_wrong_spread_costs_too', env)
