package prove

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// setting reads a setting of the kernel.
func (r *runner) setting(q Request) Outcome {
	name := filepath.Join(r.Machine.Proc, "sys", strings.ReplaceAll(q.Name, ".", "/"))
	data, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return untried(err)
	}
	value := strings.TrimSpace(string(data))
	if err != nil {
		return sure(q.Value == "", q.Name, lang.N("the kernel does not have it"))
	}
	return sure(value == q.Value, q.Name, lang.Recordf("it is %s", value))
}

// account answers what the files of accounts tell.
func (r *runner) account(q Request) Outcome {
	u, err := r.user(q)
	if err != nil {
		return untried(err)
	}
	switch q.Kind {
	case Group:
		if slices.Contains(u.Groups, q.Name) {
			return sure(true, "/etc/group", q.User+" is in "+q.Name)
		}
		return sure(false, "/etc/group", q.User+" is not in "+q.Name)
	case Sudo:
		return sudo(u, q)
	}
	f, err := r.Machine.Files.Stat(q.Path, "")
	if err != nil {
		return untried(err)
	}
	return sure(f.UID == u.UID, "stat("+q.Path+")", lang.Recordf("it belongs to user %d", f.UID))
}

func sudo(u *snapshot.User, q Request) Outcome {
	rules, known := u.SudoDocker.Peek()
	if !known {
		return untried(errors.New(u.SudoDocker.Gap().Detail))
	}
	if slices.ContainsFunc(rules, func(s snapshot.SudoRule) bool { return s.Where == q.Path && s.Command == q.Value }) {
		return sure(true, q.Path, lang.N("the rule is there"))
	}
	return sure(false, q.Path, lang.N("there is no such rule"))
}

// nobody is the number of a user and group without rights.
const nobody = 65534

// user is the account of a request, as the account files tell now.
func (r *runner) user(q Request) (*snapshot.User, error) {
	if q.User == "" {
		return &snapshot.User{UID: nobody, GID: nobody}, nil
	}
	fact := r.users()
	users, known := fact.Peek()
	if !known {
		return nil, errors.New(fact.Gap().Detail)
	}
	at := slices.IndexFunc(users, func(u snapshot.User) bool { return u.Name == q.User })
	if at < 0 {
		return nil, lang.RecordErrorf("user %s is not among the accounts any more", q.User)
	}
	return &users[at], nil
}
