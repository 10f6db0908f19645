package session

import (
	"sync"
	"time"

	"example.org/smtpauth/protocol/tlslink"
)

// An order is everything that an identity depends on.
type order struct {
	seed, host string
	start      time.Time
	wanted     tlslink.CertsWanted
}

// lastIdentity keeps the identity that was made last: it repeats exactly, takes
// longer to make than the rest of a session, and most edits leave it alone.
var lastIdentity struct {
	sync.Mutex
	order
	identity tlslink.Identity
}

func identityFor(s Setup) (tlslink.Identity, error) {
	last := &lastIdentity
	last.Lock()
	defer last.Unlock()
	o := order{s.Seed, s.Server.Host, s.Start, s.TLS.Certificate}
	if last.order == o && last.identity.Pool != nil {
		return last.identity, nil
	}
	id, err := tlslink.MakeIdentity([]byte(o.seed), o.host, o.start, o.wanted)
	if err == nil {
		last.order, last.identity = o, id
	}
	return id, err
}
