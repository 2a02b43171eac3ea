from otter.test_files import test_case

OK_FORMAT = False

name = "q4"
points = None

@test_case(points=0.0, hidden=False)
def test_a_is_a_number(env):
    from autograder.hosts import otter_host
    otter_host.run('q4', 'test_a_is_a_number', env)

@test_case(points=0.0, hidden=False)
def test_b_is_a_number(env):
    from autograder.hosts import otter_host
    otter_host.run('q4', 'test_b_is_a_number', env)

@test_case(points=0.0, hidden=False)
def test_c_is_a_number(env):
    from autograder.hosts import otter_host
    otter_host.run('q4', 'test_c_is_a_number', env)

@test_case(points=0.0, hidden=False)
def test_d_is_a_number(env):
    from autograder.hosts import otter_host
    otter_host.run('q4', 'test_d_is_a_number', env)
