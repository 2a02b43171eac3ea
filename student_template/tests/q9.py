from otter.test_files import test_case

OK_FORMAT = False

name = "q9"
points = None

@test_case(points=0.25, hidden=False)
def test_shapes_of_two_images(env):
    from autograder.hosts import otter_host
    otter_host.run('q9', 'test_shapes_of_two_images', env)

@test_case(points=0.0, hidden=False)
def test_ratio_of_two_images(env):
    from autograder.hosts import otter_host
    otter_host.run('q9', 'test_ratio_of_two_images', env)

@test_case(points=0.0, hidden=False)
def test_factor_of_some_latents(env):
    from autograder.hosts import otter_host
    otter_host.run('q9', 'test_factor_of_some_latents', env)

@test_case(points=0.0, hidden=False)
def test_form_of_the_choice(env):
    from autograder.hosts import otter_host
    otter_host.run('q9', 'test_form_of_the_choice', env)
