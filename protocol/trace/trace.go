// Package trace records computations while they run. A Recorder's methods both
// compute and note: the mechanism goes on with what they return, so what is
// shown is what ran. A nil Recorder computes the same values and notes nothing.
package trace

// Party says who knows a value. Parties are a set.
type Party uint8

const (
	Client Party = 1 << iota // the client's memory
	Server                   // the server's memory while the session lasts
	Store                    // what the server keeps between sessions
	Wire                     // anybody who listens between the two
	Middle                   // somebody in the middle of TLS, where there is one (Recorder.Tap)
)

// An Op names an operation. It is an id: its words are the page's.
type Op string

const (
	Given    Op = "given"    // a value from outside the computation: a password, a random number
	Received Op = "received" // a value the peer sent
	Sent     Op = "sent"     // In: what goes to the peer; Out is the same octets
	Concat   Op = "concat"   // In joined in order
	Cut      Op = "cut"      // a range of In[0]
	XOR      Op = "xor"      // In[0] XOR In[1], octet by octet
	Hex      Op = "hex"      // lower-case hexadecimal digits of In[0]
	Unhex    Op = "unhex"    // octets of the digits In[0]
	Base64   Op = "base64"   // RFC 4648 §4 spelling of In[0]; Sub: groups
	Unbase64 Op = "unbase64" // octets of the spelling In[0]; Sub: groups
	Group    Op = "group"    // In: 1 to 3 octets, then their sextets (one value of 2 to 4 octets of 0 to 63); Out: 4 characters
	Prepare  Op = "saslprep" // RFC 4013 form of In[0]
	Latin1   Op = "latin1"   // In[0], UTF-8, in ISO 8859-1, or the other way round
	// Of a token: Unbase64URL reads RFC 4648 §5 without padding; Verify checks a
	// signature. In: public key, text, signature; Holds.
	Unbase64URL Op = "unbase64url"
	Verify      Op = "verify"
	// Of NTLM's messages and keys. Fields: In joined; Sub: a Cut for each field.
	// UTF16: In[0], UTF-8, in UTF-16LE, or the other way round. DESKey: 8 octets
	// of 7. DES: In: key, block.
	Fields Op = "fields"
	UTF16  Op = "utf16"
	Upper  Op = "upper"
	DESKey Op = "des-key"
	DES    Op = "des"

	Hash     Op = "hash"      // digest of In joined; Sub: blocks, where the hash shows its state
	Block    Op = "block"     // In: chaining state before, block; Out: chaining state after
	HMAC     Op = "hmac"      // RFC 2104. In: key, text; Sub: key block, pads, inner and outer hash
	KeyBlock Op = "key-block" // the key filled with zeros to one block
	PBKDF2   Op = "pbkdf2"    // RFC 8018 §5.2. In: password, salt
	Compare  Op = "compare"   // In: what was sent, what was computed; Holds
	// Of Kerberos. In: key, and what the operation is done to.
	DeriveKey Op = "derive-key" // RFC 3961 §5.1. In: key, constant; Sub: the constant folded, blocks encrypted
	Fold      Op = "n-fold"     // RFC 3961 §5.1: In[0] stretched to a block
	Encrypt   Op = "encrypt"    // AES as RFC 3962 §5 has it
	Decrypt   Op = "decrypt"
	// Of natural numbers, in all octets of their values (Number). The last
	// operand is the modulus; Sum and Product may do without.
	Remainder  Op = "remainder"  // In: number, modulus
	Sum        Op = "sum"        // In: two numbers
	Difference Op = "difference" // In: two numbers, modulus
	Product    Op = "product"    // In: two numbers
	Power      Op = "power"      // In: base, exponent, modulus
)

// A Value is octets and where they came from. Octets are not changed once a
// Value holds them.
type Value struct {
	Octets []byte `json:"octets"`
	// Parts says where each range of Octets came from, in order and without
	// gaps. It is nil when nothing is recorded: with a nil Recorder, for the
	// constants of an algorithm (0x36 repeated, an initial state), for what
	// exists within one step only (sextets), and beside a gap in Sub. A step's
	// Out has it always, unless it is empty.
	Parts []Part `json:"parts,omitempty"`
}

// A Part is one range of a Value: Length octets, the same as those of the Out
// of step Step (by its ID) from Offset on.
type Part struct {
	Step   int `json:"step"`
	Offset int `json:"offset"`
	Length int `json:"length"`
}

// A Step is one operation that ran.
type Step struct {
	ID    int    `json:"id"` // unique in its recorder, rising; sub-steps too
	Op    Op     `json:"op"`
	Label string `json:"label"`         // an id for Out: "digest", "inner-pad"; where an RFC names it, its name
	Alg   string `json:"alg,omitempty"` // Hash, HMAC, PBKDF2, Block: "MD5", "SHA-256"
	// N is, for PBKDF2, the iterations; for Hash, Base64 and Unbase64, how many
	// blocks or groups there are, of which Sub has the first 8 and the last 2;
	// for Fields, how many there are;
	// for Block and Group, its number from 1; for HMAC and XOR inside PBKDF2,
	// the iteration from 1.
	N     int     `json:"n,omitempty"`
	Reads string  `json:"reads,omitempty"` // Cut inside Fields: what the octets say; as the format has it, no prose
	In    []Value `json:"in,omitempty"`    // operands in the RFC's order
	Out   Value   `json:"out"`             // as the run went on to use it
	Holds bool    `json:"holds,omitempty"` // Compare: the two are equal; Verify: the signature is right
	Known Party   `json:"known"`           // who knows Out once this step is over
	Sub   []Step  `json:"sub,omitempty"`   // what the library did inside
}
