package trace

// Ops are all operations, in the order of their declaration.
var Ops = []Op{Given, Received, Sent, Concat, Cut, XOR, Hex, Unhex, Base64, Unbase64, Group,
	Prepare, Latin1, Unbase64URL, Verify, Fields, UTF16, Upper, DESKey, DES, Hash, Block, HMAC, KeyBlock, PBKDF2, Compare,
	DeriveKey, Fold, Encrypt, Decrypt, Remainder, Sum, Difference, Product, Power}

// Labels are the labels that this package gives by itself, to sub-steps.
// "U" and "T" are those of RFC 8018 §5.2, block-index is its INT (i).
var Labels = []string{"group", "padding", "block", "key-hash", "key-block",
	"inner-pad", "outer-pad", "inner-hash", "outer-hash",
	"block-index", "salt-and-index", "U", "T", "n-fold", "derived-block"}
