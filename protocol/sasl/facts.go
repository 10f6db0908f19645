package sasl

// Facts are what mechanisms are compared by. Every value is an id that the
// page puts into words.
type Facts struct {
	Crosses  Crossing `json:"crosses"`  // what of the secret crosses the wire
	Listener Gain     `json:"listener"` // what somebody gets who hears all of it without TLS
	Thief    Gain     `json:"thief"`    // what somebody gets who steals the server's store, where it is kept as well as the mechanism allows
	Mutual   bool     `json:"mutual"`   // the server proves itself
	Bound    bool     `json:"bound"`    // the TLS connection is part of the proof
	Status   Status   `json:"status"`
	Source   string   `json:"source"` // "RFC 5802"
}

// A Crossing is what of a secret crosses the wire.
type Crossing string

const (
	CrossesPassword Crossing = "password" // as it is
	CrossesToken    Crossing = "token"    // one that stands for the password until it expires
	CrossesProof    Crossing = "proof"    // made from the password and numbers of this session
	CrossesNothing  Crossing = "nothing"
)

// A Gain is what an attacker comes away with.
type Gain string

const (
	GainsPassword   Gain = "password"   // the password, or a token, to use at once
	GainsEquivalent Gain = "equivalent" // what serves as well as the password with this mechanism
	// GainsServiceKey is the key of the service (RFC 4120 §10): with it tickets are
	// made for any of its users, and the server is played; it is of no password.
	GainsServiceKey Gain = "service-key"
	GainsGuesses    Gain = "guesses" // the means to try passwords at home
	GainsNothing    Gain = "nothing"
)

// A Status groups the mechanisms.
type Status string

const (
	Today    Status = "today"    // use it
	Legacy   Status = "legacy"   // met in the field; there is better
	Historic Status = "historic" // shown to be understood, not to be used
)

// Values of Facts, in the order of their declaration.
var (
	crossings = []Crossing{CrossesPassword, CrossesToken, CrossesProof, CrossesNothing}
	gains     = []Gain{GainsPassword, GainsEquivalent, GainsServiceKey, GainsGuesses, GainsNothing}
	statuses  = []Status{Today, Legacy, Historic}
)
