from otter.test_files import test_case

OK_FORMAT = False

name = "q10"
points = None

@test_case(points=0.0, hidden=False)
def test_form_of_a(env):
    from autograder.hosts import otter_host
    otter_host.run('q10', 'test_form_of_a', env)

@test_case(points=0.0, hidden=False)
def test_form_of_b(env):
    from autograder.hosts import otter_host
    otter_host.run('q10', 'test_form_of_b', env)

@test_case(points=0.0, hidden=False)
def test_form_of_c(env):
    from autograder.hosts import otter_host
    otter_host.run('q10', 'test_form_of_c', env)

@test_case(points=0.0, hidden=False)
def test_form_of_d(env):
    from autograder.hosts import otter_host
    otter_host.run('q10', 'test_form_of_d', env)

@test_case(points=0.0, hidden=False)
def test_form_of_e(env):
    from autograder.hosts import otter_host
    otter_host.run('q10', 'test_form_of_e', env)

@test_case(points=0.0, hidden=False)
def test_form_of_f(env):
    from autograder.hosts import otter_host
    otter_host.run('q10', 'test_form_of_f', env)
