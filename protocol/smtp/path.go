package smtp

import "strings"

// A Path is a reverse-path or a forward-path without its source route
// (RFC 5321 §4.1.2). The zero Path is the null reverse-path "<>". Two Paths
// with the same spelling of the domain compare with ==; see Equal for others.
type Path struct {
	Local  string `json:"local,omitempty"`  // as data: without quotes and backslashes
	Domain string `json:"domain,omitempty"` // as typed, an address literal with its brackets; "" in <Postmaster>
}

// IsNull reports whether p is "<>".
func (p Path) IsNull() bool { return p == Path{} }

// IsASCII reports whether p can be said without SMTPUTF8 (RFC 6531).
func (p Path) IsASCII() bool { return isASCII(p.Local) && isASCII(p.Domain) }

// String returns p in angle brackets, the local part quoted where it has to
// be: `<tim@example.org>`, `<"a b"@example.org>`, `<Postmaster>`, `<>`.
func (p Path) String() string { return "<" + p.Mailbox() + ">" }

// Mailbox returns p without angle brackets, "" for the null path.
func (p Path) Mailbox() string {
	switch {
	case p.IsNull():
		return ""
	case p.Domain == "":
		return quoteLocal(p.Local)
	}
	return quoteLocal(p.Local) + "@" + p.Domain
}

// quoteLocal returns the shortest spelling of a local part.
func quoteLocal(local string) string {
	if n, ok := dotString(local); ok && n == len(local) {
		return local
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(local) + `"`
}

// ParsePath reads a path in angle brackets at the start of s and returns what
// follows it. A forward-path may be <Postmaster> without a domain (CMD-16),
// only a reverse-path may be <>. The error is a *SyntaxError: CMD-13 if no
// bracket opens, CMD-14 for grammar and lengths, UTF-01 for a path that is read
// and in order, but not in ASCII.
func ParsePath(s string, forward bool) (p Path, rest string, err error) {
	if !strings.HasPrefix(s, "<") {
		return Path{}, s, broken("CMD-13")
	}
	p, end, ok := readPath(s, forward)
	switch {
	case !ok || end > MaxPath:
		return Path{}, s, broken("CMD-14")
	case !isASCII(s[:end]):
		return p, s[end:], broken("UTF-01")
	}
	return p, s[end:], nil
}

// ParseMailbox reads all of s as a mailbox without brackets. Its errors are
// those of ParsePath.
func ParseMailbox(s string) (Path, error) {
	p, end, ok := readMailbox(s)
	switch {
	case !ok || end != len(s) || end > MaxPath-len("<>"):
		return Path{}, broken("CMD-14")
	case !isASCII(s):
		return p, broken("UTF-01")
	}
	return p, nil
}

// readPath reads a path at the start of s, which is "<" and more, and returns
// its length in octets.
func readPath(s string, forward bool) (p Path, end int, ok bool) {
	if strings.HasPrefix(s, "<>") {
		return Path{}, 2, !forward
	}
	const bare = "<postmaster>"
	if forward && len(s) >= len(bare) && equalFold(s[:len(bare)], bare) {
		return Path{Local: s[1 : len(bare)-1]}, len(bare), true
	}
	start := 1 + sourceRoute(s[1:])
	p, n, ok := readMailbox(s[start:])
	end = start + n
	if !ok || end >= len(s) || s[end] != '>' {
		return Path{}, 0, false
	}
	return p, end + 1, true
}

// sourceRoute returns the length of `@a.example,@b.example:` at the start of s,
// 0 if there is none in order (CMD-15; RFC 5321 appendix C).
func sourceRoute(s string) int {
	route, _, found := strings.Cut(s, ":")
	if !found {
		return 0
	}
	for hop := range strings.SplitSeq(route, ",") {
		if !strings.HasPrefix(hop, "@") || !isDomain(hop[1:]) {
			return 0
		}
	}
	return len(route) + 1
}

// readMailbox reads local-part "@" ( Domain / address-literal ) at the start
// of s and returns its length in octets. MaxPath, which the callers check,
// leaves no room for a domain over MaxDomain.
func readMailbox(s string) (p Path, end int, ok bool) {
	local, n, ok := readLocal(s)
	if !ok || n > MaxLocalPart || n >= len(s) || s[n] != '@' {
		return Path{}, 0, false
	}
	domain := s[n+1:]
	if strings.HasPrefix(domain, "[") {
		domain = domain[:strings.IndexByte(domain, ']')+1]
		ok = isLiteral(domain)
	} else {
		if i := strings.IndexAny(domain, "> "); i >= 0 {
			domain = domain[:i]
		}
		ok = isDomain(domain)
	}
	return Path{local, domain}, n + 1 + len(domain), ok
}
