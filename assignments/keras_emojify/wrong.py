"""Other wrong answers of the lab `keras_emojify`: each must earn the same with every seed.

What cannot be observed is said by the observer: see `course_utils.frameworks.emojify`.
"""

SET = "    embedding_layer.set_weights([emb_matrix])\n"
BUILD = "    embedding_layer.build((None,))\n"
FIRST = "LSTM(128, return_sequences=True)(embeddings)"
SECOND = "LSTM(128, return_sequences=False)(X)"
LENT = "pretrained_embedding_layer(word_to_vec_map, word_to_index)"

wrong = {
    "padded_batches": {
        "rows of ten": (("max(len(row) for row in chosen)", "10"), ("= row\n", "= row[:10]\n")),
        "batches of 32": (("order[start : start + batch_size]", "order[start : start + 32]"),),
        "one batch": (("order[start : start + batch_size]", "order"),),
        "lists for arrays": (("mask = batch > 0", "mask = (batch > 0).tolist()"),),
        "masks and batches exchanged": (("return batches, masks", "return masks, batches"),),
        "steps first": (("mask = batch > 0", "batch = batch.T\n        mask = batch > 0"),),
    },
    "pretrained_embedding_layer": {
        "the matrix itself": (("    return embedding_layer", "    return emb_matrix"),),
        "nothing returned": (("    return embedding_layer", "    return None"),),
        "weights never set": ((SET, ""),),
        "not built": ((BUILD, ""),),
        "neither built nor set": ((BUILD + SET, ""),),
        "the matrix without a list": (("set_weights([emb_matrix])", "set_weights(emb_matrix)"),),
        "zeros set": (("set_weights([emb_matrix])", "set_weights([0 * emb_matrix])"),),
        "a dense layer": (("Embedding(vocab_len, emb_dim, trainable=False)", "Dense(emb_dim)"), (BUILD + SET, "")),
        "fifty numbers": (('word_to_vec_map["cucumber"].shape[0]', "50"),),
        "a list with the layer": (("    return embedding_layer", "    return [embedding_layer]"),),
        "sizes exchanged": (("Embedding(vocab_len, emb_dim,", "Embedding(emb_dim, vocab_len,"),),
    },
    "Emojify_V2": {
        "return_sequences missing": ((FIRST, "LSTM(128)(embeddings)"),),
        "the second returns all states": ((SECOND, "LSTM(128, return_sequences=True)(X)"),),
        "one LSTM": (("    X = " + SECOND + "\n", ""), (FIRST, "LSTM(128)(embeddings)")),
        "three LSTMs": (("    X = " + SECOND, "    X = LSTM(128, return_sequences=True)(X)\n    X = " + SECOND),),
        "64 units": ((FIRST, "LSTM(64, return_sequences=True)(embeddings)"),),
        "64 units above": ((SECOND, "LSTM(64)(X)"),),
        "a GRU": ((SECOND, "keras.layers.GRU(128)(X)"),),
        "read from both ends": ((SECOND, "keras.layers.Bidirectional(LSTM(64))(X)"),),
        "two classes": (("Dense(5)", "Dense(2)"),),
        "no bias": (("Dense(5)", "Dense(5, use_bias=False)"),),
        "ten words": (("shape=input_shape", "shape=(10,)"),),
        "the batch in the input": (("shape=input_shape", "shape=(None, *input_shape)"),),
        "a new embedding": ((LENT, "Embedding(len(word_to_index) + 1, 50)"),),
        "an embedding of zeros": (
            (LENT, 'Embedding(len(word_to_index) + 1, len(word_to_vec_map["cucumber"]), embeddings_initializer="zeros")'),
        ),
        "no embedding": (("embedding_layer(sentence_indices)", "keras.ops.one_hot(sentence_indices, 50)"),),
        "a placeholder for the model": (("    return model", "    return X"),),
        "nothing returned": (("    return model", "    return None"),),
        "scores given too": (("outputs=X)", "outputs=[X, X])"),),
        "hard gates": ((FIRST, 'LSTM(128, return_sequences=True, recurrent_activation="hard_sigmoid")(embeddings)'),),
        "relu in the LSTM": ((SECOND, 'LSTM(128, activation="relu")(X)'),),
        "normalised states": (("    # the second", "    X = keras.layers.BatchNormalization()(X)\n    # the second"),),
    },
}
