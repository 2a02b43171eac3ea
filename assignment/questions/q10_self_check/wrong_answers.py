from autograder.authoring import wrong_value

wrong_value(
    "q10_a",
    "A",
    caught_by="test_a",
    hint="That is a plain autoencoder: a VAE's encoder answers with a whole distribution, and the decoder sees a draw from it.",
)
wrong_value(
    "q10_a",
    "B",
    caught_by="test_a",
    hint="The prior is fixed and the same for every image; what depends on x approximates the posterior.",
)
wrong_value(
    "q10_a",
    "D",
    caught_by="test_a",
    hint="Those would live in pixel space: the encoder speaks about z, only the decoder speaks about pixels.",
)
wrong_value(
    "q10_b",
    "B",
    caught_by="test_b",
    hint="It is the logarithm that is negative, not the spread: any real number is a valid log-variance.",
)
wrong_value("q10_b", "C", caught_by="test_b", hint="That takes the number for log sigma; the log-variance is twice that.")
wrong_value(
    "q10_b",
    "D",
    caught_by="test_b",
    hint="Far from 0 is wide only on the positive side: a negative logarithm means a spread below 1.",
)
wrong_value(
    "q10_c",
    "A",
    caught_by="test_c",
    hint="The draws have the same law, so they vary just as much; it is the gradients that differ.",
)
wrong_value(
    "q10_c",
    "B",
    caught_by="test_c",
    hint="Fresh noise is drawn for every element at every step; it is a constant only while one gradient is taken.",
)
wrong_value("q10_c", "C", caught_by="test_c", hint="The noise has no parameters: how much of it there is is sigma's business.")
wrong_value(
    "q10_d", "A", caught_by="test_d", hint="It is the other way round: telling the decoder anything about the image costs KL."
)
wrong_value("q10_d", "C", caught_by="test_d", hint="A sigma of 0 costs an infinite KL, because of the logarithm.")
wrong_value("q10_d", "D", caught_by="test_d", hint="The spread has its price as well: only one sigma is free.")
wrong_value("q10_e", "B", caught_by="test_e", hint="It is the reconstruction that has become 64 times smaller, not the KL.")
wrong_value("q10_e", "C", caught_by="test_e", hint="Other units would divide both terms by 64; only one was divided.")
wrong_value(
    "q10_e", "D", caught_by="test_e", hint="Only one of the two terms became smaller: no learning rate brings their ratio back."
)
wrong_value(
    "q10_f",
    "A",
    caught_by="test_f",
    hint="With a weight of 1e-6 the KL makes nothing standard normal; and a distribution that simple would leave nothing to learn.",
)
wrong_value(
    "q10_f", "B", caught_by="test_f", hint="48 counts elements, not bits; and it is the decoder that turns a grid into pixels."
)
wrong_value(
    "q10_f",
    "C",
    caught_by="test_f",
    hint="They are trained one after the other: the autoencoder is frozen, has its own losses, and keeps its decoder.",
)
