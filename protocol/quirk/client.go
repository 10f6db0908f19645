package quirk

// What a client can be asked to do.
const (
	// LoginExactPrompts: the client gives LOGIN up unless the challenges read
	// exactly "Username:" and "Password:" (against LOG-03).
	LoginExactPrompts Name = "login-exact-prompts"
)

var clients = []Quirk{
	{LoginExactPrompts, Client, "LOG-03", "challenge"},
}
