from otter.test_files import test_case

OK_FORMAT = False

name = "q8"
points = None

@test_case(points=0.0, hidden=False)
def test_train_step_returns_three_floats(env):
    from autograder.hosts import otter_host
    otter_host.run('q8', 'test_train_step_returns_three_floats', env)

@test_case(points=1.0, hidden=False)
def test_train_step_learns(env):
    from autograder.hosts import otter_host
    otter_host.run('q8', 'test_train_step_learns', env)

@test_case(points=0.0, hidden=False)
def test_a_step_is_one_step_down_this_loss(env):
    from autograder.hosts import otter_host
    otter_host.run('q8', 'test_a_step_is_one_step_down_this_loss', env)

@test_case(points=0.5, hidden=False)
def test_generate_paints_with_the_decoder(env):
    from autograder.hosts import otter_host
    otter_host.run('q8', 'test_generate_paints_with_the_decoder', env)
