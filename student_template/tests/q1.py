from otter.test_files import test_case

OK_FORMAT = False

name = "q1"
points = None

@test_case(points=1.0, hidden=False)
def test_halves_of_a_batch(env):
    from autograder.hosts import otter_host
    otter_host.run('q1', 'test_halves_of_a_batch', env)

@test_case(points=0.0, hidden=False)
def test_form_of_the_numbers(env):
    from autograder.hosts import otter_host
    otter_host.run('q1', 'test_form_of_the_numbers', env)

@test_case(points=0.0, hidden=False)
def test_form_of_the_choice(env):
    from autograder.hosts import otter_host
    otter_host.run('q1', 'test_form_of_the_choice', env)
