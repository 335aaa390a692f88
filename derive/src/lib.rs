//! `#[derive(FromObject)]`: serde's `Deserialize` for a struct, read from an object. Each field is one row of a table, and what goes through the
//! table is compiled once (`leeway_core::fields`); serde's own derive writes a loop with all of it for each struct.
//!
//! It is no second language of attributes: it takes what serde's derive takes on these structs, means the same by it, and refuses what it does not know.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Data, DeriveInput, Error, Field, Fields, GenericParam, LitStr, Path, Result, Token, Type};

/// The most fields: `leeway_core::fields` keeps which ones came in the bits of a number.
const FIELDS_MAX: usize = 64;

/// Derives serde's `Deserialize` for a struct with named fields.
#[proc_macro_derive(FromObject, attributes(serde))]
pub fn from_object(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let derived = syn::parse(input).and_then(|input| derived(&input));
    derived.unwrap_or_else(|error| error.into_compile_error()).into()
}

/// What is said of the whole struct.
#[derive(Default)]
struct Whole {
    denies_unknown: bool,
}

/// A row of the table.
struct Row<'a> {
    field: &'a Field,
    name: String,
    /// Its value where it does not come; none where it has to.
    otherwise: Option<TokenStream>,
}

fn derived(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Struct(data) = &input.data else { return Err(refused(input.ident.span())) };
    let Fields::Named(fields) = &data.fields else { return Err(refused(input.ident.span())) };
    if fields.named.len() > FIELDS_MAX || input.generics.type_params().next().is_some() {
        return Err(refused(input.ident.span()));
    }
    let mut whole = Whole::default();
    each_meta(&input.attrs, |meta| whole.take(meta))?;
    let rows = fields.named.iter().map(Row::of).collect::<Result<Vec<_>>>()?;

    let (ident, generics) = (&input.ident, &input.generics);
    let lifetimes: Vec<_> = generics.lifetimes().map(|one| &one.lifetime).collect();
    let mut with_de = generics.clone();
    with_de.params.insert(0, GenericParam::Lifetime(syn::parse_quote!('de #(: #lifetimes +)*)));
    let (of_impl, _, _) = with_de.split_for_impl();
    let (_, of_type, _) = generics.split_for_impl();

    let names = rows.iter().map(|row| &row.name);
    let idents: Vec<_> = rows.iter().map(|row| &row.field.ident).collect();
    let needed = rows.iter().zip(0_u32..).filter(|(row, _)| row.otherwise.is_none());
    let needed = needed.fold(0_u64, |bits, (_, place)| bits | 1_u64.wrapping_shl(place));
    let others = if whole.denies_unknown { quote!(Refused) } else { quote!(Skipped) };
    let starts = rows.iter().map(|row| match &row.otherwise {
        None => quote!(None),
        Some(value) => quote!(fields::Held(#value)),
    });
    let have_to_come: Vec<_> = rows.iter().filter(|row| row.otherwise.is_none()).map(|row| &row.field.ident).collect();
    let values = rows.iter().map(|row| {
        let (ident, ty) = (&row.field.ident, &row.field.ty);
        if row.otherwise.is_none() { quote!(#ident) } else { quote!(#ident: fields::Held::<#ty>::into_inner(#ident)) }
    });
    let name = ident.to_string();
    Ok(quote! {
        const _: () = {
            use ::leeway_core::fields;
            const SHAPE: fields::Shape =
                fields::Shape { names: &[#(#names),*], needed: #needed, others: fields::Others::#others };
            struct Reader #generics(::std::marker::PhantomData<#ident #of_type>);
            impl #of_impl fields::serde::de::Visitor<'de> for Reader #of_type {
                type Value = #ident #of_type;
                fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.write_str("an object")
                }
                fn visit_map<A: fields::serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                    let (#(mut #idents,)*) = (#(#starts,)*);
                    fields::read(&mut map, &SHAPE, &mut [#(&mut #idents),*])?;
                    let (#(Some(#have_to_come),)*) = (#(#have_to_come,)*) else { return Err(fields::missing()) };
                    Ok(#ident { #(#values),* })
                }
            }
            impl #of_impl fields::serde::Deserialize<'de> for #ident #of_type {
                fn deserialize<D: fields::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    deserializer.deserialize_struct(#name, SHAPE.names, Reader(::std::marker::PhantomData))
                }
            }
        };
    })
}

impl Whole {
    fn take(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        match word(&meta.path).as_str() {
            "deny_unknown_fields" => self.denies_unknown = true,
            // Of the struct's name, which no reader says; of writing.
            "rename" | "into" => drop(text(meta)?),
            _ => return Err(refused_attribute(meta)),
        }
        Ok(())
    }
}

impl<'a> Row<'a> {
    fn of(field: &'a Field) -> Result<Self> {
        let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        let name = name.strip_prefix("r#").unwrap_or(&name).to_owned();
        let otherwise = is_option(&field.ty).then(|| quote!(None));
        let mut row = Self { field, name, otherwise };
        each_meta(&field.attrs, |meta| row.take(meta))?;
        Ok(row)
    }

    fn take(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        match word(&meta.path).as_str() {
            "default" if meta.input.peek(Token![=]) => {
                let make: Path = text(meta)?.parse()?;
                self.otherwise = Some(quote!(#make()));
            }
            "default" => self.otherwise = Some(quote!(Default::default())),
            "rename" => self.name = text(meta)?.value(),
            // A type with a lifetime borrows; of writing.
            "borrow" | "skip_serializing" => {}
            "skip_serializing_if" | "serialize_with" => drop(text(meta)?),
            _ => return Err(refused_attribute(meta)),
        }
        Ok(())
    }
}

fn each_meta(attrs: &[Attribute], mut take: impl FnMut(&ParseNestedMeta<'_>) -> Result<()>) -> Result<()> {
    let ours = attrs.iter().filter(|attribute| attribute.path().is_ident("serde"));
    ours.into_iter().try_for_each(|attribute| attribute.parse_nested_meta(|meta| take(&meta)))
}

fn text(meta: &ParseNestedMeta<'_>) -> Result<LitStr> {
    meta.value()?.parse()
}

fn word(path: &Path) -> String {
    path.get_ident().map(ToString::to_string).unwrap_or_default()
}

fn is_option(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "Option")
}

fn refused(span: Span) -> Error {
    Error::new(
        span,
        "`FromObject` reads a struct with up to 64 named fields and no type parameters; leave others to `Deserialize`",
    )
}

fn refused_attribute(meta: &ParseNestedMeta<'_>) -> Error {
    meta.error("`FromObject` does not know this attribute; leave the struct to `Deserialize`")
}
