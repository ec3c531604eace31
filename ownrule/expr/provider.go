package expr

import (
	"sync"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// provider tells CEL's type checker of the structures of the snapshot.
type provider struct {
	*types.Registry
	catalog *catalog

	mu sync.Mutex
	// unknown are the structures in which a field was looked for in vain, by the
	// field's name.
	unknown map[string]*structType
}

// FindStructType finds a structure.
func (p *provider) FindStructType(name string) (*types.Type, bool) {
	if s := p.catalog.byName[name]; s != nil {
		return types.NewTypeTypeWithParam(s.cel), true
	}
	return p.Registry.FindStructType(name)
}

// FindStructFieldNames lists the fields of a structure.
func (p *provider) FindStructFieldNames(name string) ([]string, bool) {
	if s := p.catalog.byName[name]; s != nil {
		return s.names(), true
	}
	return p.Registry.FindStructFieldNames(name)
}

// FindStructFieldType finds the type of a field. It has no getter: objects are
// asked (see [object.Get]), for they can answer with an error.
func (p *provider) FindStructFieldType(name, fieldName string) (*types.FieldType, bool) {
	s := p.catalog.byName[name]
	if s == nil {
		return p.Registry.FindStructFieldType(name, fieldName)
	}
	if f := s.fields[fieldName]; f != nil {
		return &types.FieldType{Type: f.cel}, true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unknown[fieldName] = s
	return nil, false
}

// NewValue makes nothing: an expression reads a snapshot.
func (p *provider) NewValue(name string, _ map[string]ref.Val) ref.Val {
	return types.NewErr("an expression cannot make a %s", name)
}

// lookedIn is the structure in which a field was last looked for in vain.
func (p *provider) lookedIn(fieldName string) *structType {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.unknown[fieldName]
}
