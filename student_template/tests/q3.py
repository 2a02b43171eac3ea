from otter.test_files import test_case

OK_FORMAT = False

name = "q3"
points = None

@test_case(points=0.0, hidden=False)
def test_form(env):
    from autograder.hosts import otter_host
    otter_host.run('q3', 'test_form', env)

@test_case(points=0.25, hidden=False)
def test_pathwise_average(env):
    from autograder.hosts import otter_host
    otter_host.run('q3', 'test_pathwise_average', env)

@test_case(points=0.25, hidden=False)
def test_score_function_average(env):
    from autograder.hosts import otter_host
    otter_host.run('q3', 'test_score_function_average', env)

@test_case(points=0.0, hidden=False)
def test_form_of_the_choice(env):
    from autograder.hosts import otter_host
    otter_host.run('q3', 'test_form_of_the_choice', env)
