"""Right solutions of the lab `keras_emojify` that are written in other ways than the text's."""

MATRIX = """
    vocab_len = len(word_to_index) + 1
    emb_dim = word_to_vec_map["cucumber"].shape[0]
    emb_matrix = np.zeros((vocab_len, emb_dim))
    for word, index in word_to_index.items():
        emb_matrix[index, :] = word_to_vec_map[word]
"""

PADDED_BATCHES = {
    "zip_longest": """
def padded_batches(rows, order, batch_size):
    from itertools import zip_longest

    parts = [[rows[k] for k in order[s : s + batch_size]] for s in range(0, len(order), batch_size)]
    batches = [np.array(list(zip_longest(*part, fillvalue=0))).T for part in parts]
    return batches, [batch != 0 for batch in batches]
""",
    "masks from lengths": """
def padded_batches(rows, order, batch_size):
    batches, masks = [], []
    for part in np.split(np.asarray(order), range(batch_size, len(order), batch_size)):
        lengths = np.array([len(rows[k]) for k in part])
        mask = np.arange(lengths.max()) < lengths[:, None]
        batch = np.zeros(mask.shape, dtype=np.int32)
        batch[mask] = np.concatenate([rows[k] for k in part])
        batches.append(batch)
        masks.append(mask)
    return batches, masks
""",
    "lists made longer": """
def padded_batches(rows, order, batch_size):
    batches, masks, left = [], [], list(order)
    while left:
        part, left = [list(rows[k]) for k in left[:batch_size]], left[batch_size:]
        longest = len(max(part, key=len))
        batches.append(np.array([row + [0] * (longest - len(row)) for row in part]))
        masks.append(np.array([[1.0] * len(row) + [0.0] * (longest - len(row)) for row in part]))
    return batches, masks
""",
}

PRETRAINED_EMBEDDING_LAYER = {
    "the documents' lines": f"""
def pretrained_embedding_layer(word_to_vec_map, word_to_index):
{MATRIX}
    embedding_layer = Embedding(vocab_len, emb_dim, trainable = False)
    embedding_layer.build((None,))
    embedding_layer.set_weights([emb_matrix])
    return embedding_layer
""",
    "keywords, and trainable set afterwards": f"""
def pretrained_embedding_layer(word_to_vec_map, word_to_index):
{MATRIX}
    layer = keras.layers.Embedding(input_dim=vocab_len, output_dim=emb_dim, name="glove")
    layer.build()
    layer.embeddings.assign(emb_matrix)
    layer.trainable = False
    return layer
""",
    "weights given at once": f"""
def pretrained_embedding_layer(word_to_vec_map, word_to_index):
{MATRIX}
    return Embedding(vocab_len, emb_dim, weights=[emb_matrix], trainable=False)
""",
    "an initialiser, and the layer not built": f"""
def pretrained_embedding_layer(word_to_vec_map, word_to_index):
{MATRIX}
    start = keras.initializers.Constant(emb_matrix)
    return Embedding(vocab_len, emb_dim, embeddings_initializer=start, trainable=False)
""",
    "with a mask, in single precision": f"""
def pretrained_embedding_layer(word_to_vec_map, word_to_index):
{MATRIX}
    layer = Embedding(vocab_len, emb_dim, mask_zero=True, trainable=False)
    layer(np.array([[0]]))
    layer.set_weights([emb_matrix.astype("float32")])
    return layer
""",
    "trained too: that takes no points": f"""
def pretrained_embedding_layer(word_to_vec_map, word_to_index):
{MATRIX}
    embedding_layer = Embedding(vocab_len, emb_dim)
    embedding_layer.build((None,))
    embedding_layer.set_weights([emb_matrix])
    return embedding_layer
""",
}

EMOJIFY_V2 = {
    "the documents' lines": """
def Emojify_V2(input_shape, word_to_vec_map, word_to_index):
    sentence_indices = Input(input_shape, dtype='int32')
    embedding_layer = pretrained_embedding_layer(word_to_vec_map, word_to_index)
    embeddings = embedding_layer(sentence_indices)
    X = LSTM(128, return_sequences=True)(embeddings)
    X = Dropout(0.5)(X)
    X = LSTM(128, return_sequences=False)(X)
    X = Dropout(0.5)(X)
    X = Dense(5)(X)
    X = Activation('softmax')(X)
    model = Model(inputs=sentence_indices, outputs=X)
    return model
""",
    "softmax in the dense layer, input without a type": """
def Emojify_V2(input_shape, word_to_vec_map, word_to_index):
    sentence_indices = Input(shape=input_shape)
    X = pretrained_embedding_layer(word_to_vec_map, word_to_index)(sentence_indices)
    X = Dropout(0.5)(LSTM(128, return_sequences=True)(X))
    X = Dropout(0.5)(LSTM(128)(X))
    return Model(sentence_indices, Dense(5, activation="softmax")(X))
""",
    "Sequential": """
def Emojify_V2(input_shape, word_to_vec_map, word_to_index):
    return keras.Sequential([
        Input(shape=input_shape, dtype="int32"),
        pretrained_embedding_layer(word_to_vec_map, word_to_index),
        LSTM(128, return_sequences=True),
        Dropout(0.5),
        LSTM(128),
        Dropout(0.5),
        Dense(5, activation="softmax"),
    ])
""",
    "Sequential, built by the first sentence": """
def Emojify_V2(input_shape, word_to_vec_map, word_to_index):
    model = keras.Sequential()
    model.add(pretrained_embedding_layer(word_to_vec_map, word_to_index))
    model.add(LSTM(128, dropout=0.5, return_sequences=True))
    model.add(LSTM(128, dropout=0.5))
    model.add(Dense(5))
    model.add(keras.layers.Softmax())
    return model
""",
    "cells, the last state taken by hand, and a softmax of keras.ops": """
def Emojify_V2(input_shape, word_to_vec_map, word_to_index):
    sentence_indices = Input(shape=(None,), dtype="int32")
    X = pretrained_embedding_layer(word_to_vec_map, word_to_index)(sentence_indices)
    X = keras.layers.RNN(keras.layers.LSTMCell(128), return_sequences=True)(X)
    X = Dropout(0.3)(X)
    _, last, memory = LSTM(128, return_sequences=True, return_state=True)(X)
    X = Dropout(0.3)(last)
    return Model(sentence_indices, keras.ops.softmax(Dense(5)(X), axis=-1))
""",
    "another order of the arguments, and compiled at once": """
def Emojify_V2(input_shape, word_to_vec_map, word_to_index):
    sentence_indices = Input(shape=input_shape, dtype="int64")
    layer = pretrained_embedding_layer(word_to_index=word_to_index, word_to_vec_map=word_to_vec_map)
    X = LSTM(units=128, return_sequences=True, name="lstm_1")(layer(sentence_indices))
    X = keras.layers.SpatialDropout1D(0.5)(X)
    X = LSTM(units=128, name="lstm_2")(X)
    X = Dropout(rate=0.5)(X)
    X = Dense(units=5, activation=keras.activations.softmax)(X)
    model = Model(inputs=[sentence_indices], outputs=[X])
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model
""",
    "an embedding of its own": f"""
def Emojify_V2(input_shape, word_to_vec_map, word_to_index):
{MATRIX}
    layer = Embedding(vocab_len, emb_dim, weights=[emb_matrix])
    sentence_indices = Input(shape=input_shape, dtype="int32")
    X = Dropout(0.5)(LSTM(128, return_sequences=True)(layer(sentence_indices)))
    X = Dropout(0.5)(LSTM(128)(X))
    return Model(sentence_indices, Dense(5, activation="softmax")(X))
""",
    "a model within a model, and a layer that is frozen": """
def Emojify_V2(input_shape, word_to_vec_map, word_to_index):
    sentence_indices = Input(shape=input_shape, dtype="int32")
    X = pretrained_embedding_layer(word_to_vec_map, word_to_index)(sentence_indices)
    below = keras.Sequential([LSTM(128, return_sequences=True, trainable=False), Dropout(0.5)])
    above = keras.Sequential([LSTM(128), Dropout(0.5), Dense(5), Activation("softmax")])
    return Model(sentence_indices, above(below(X)))
""",
    "one dropout: that takes no points": """
def Emojify_V2(input_shape, word_to_vec_map, word_to_index):
    sentence_indices = Input(shape=input_shape, dtype="int32")
    X = pretrained_embedding_layer(word_to_vec_map, word_to_index)(sentence_indices)
    X = LSTM(128)(Dropout(0.5)(LSTM(128, return_sequences=True)(X)))
    return Model(sentence_indices, Dense(5, activation="softmax")(X))
""",
    "no dropout: that takes no points": """
def Emojify_V2(input_shape, word_to_vec_map, word_to_index):
    sentence_indices = Input(shape=input_shape, dtype="int32")
    X = pretrained_embedding_layer(word_to_vec_map, word_to_index)(sentence_indices)
    X = LSTM(128)(LSTM(128, return_sequences=True)(X))
    return Model(sentence_indices, Dense(5, activation="softmax")(X))
""",
}

answers = {
    "padded_batches": PADDED_BATCHES,
    "pretrained_embedding_layer": PRETRAINED_EMBEDDING_LAYER,
    "Emojify_V2": EMOJIFY_V2,
}
