from otter.test_files import test_case

OK_FORMAT = False

name = "q7"
points = None

@test_case(points=0.0, hidden=False)
def test_step_1_is_a_number(env):
    from autograder.hosts import otter_host
    otter_host.run('q7', 'test_step_1_is_a_number', env)

@test_case(points=0.0, hidden=False)
def test_step_2_is_a_number(env):
    from autograder.hosts import otter_host
    otter_host.run('q7', 'test_step_2_is_a_number', env)

@test_case(points=0.0, hidden=False)
def test_step_3_is_two_numbers(env):
    from autograder.hosts import otter_host
    otter_host.run('q7', 'test_step_3_is_two_numbers', env)

@test_case(points=0.0, hidden=False)
def test_step_4_is_two_numbers(env):
    from autograder.hosts import otter_host
    otter_host.run('q7', 'test_step_4_is_two_numbers', env)

@test_case(points=0.0, hidden=False)
def test_step_5_is_two_numbers(env):
    from autograder.hosts import otter_host
    otter_host.run('q7', 'test_step_5_is_two_numbers', env)

@test_case(points=0.0, hidden=False)
def test_step_6_is_two_numbers(env):
    from autograder.hosts import otter_host
    otter_host.run('q7', 'test_step_6_is_two_numbers', env)
